import { Button, Modal } from 'antd';
import { Once } from '@/ui/Once';
import { words } from './strings';

/** Shown once: closing takes an act of one's own, not a click beside the dialog. */
export function FirstPassword({ title, password, close }: { title: string; password: string; close: () => void }) {
  return (
    <Modal open title={words.made(title)} footer={null} mask={{ closable: false }} keyboard={false} closable={false}>
      <p>{words.madeText}</p>
      <Once text={password} />
      <p style={{ marginTop: 16, textAlign: 'right' }}>
        <Button onClick={close}>{words.close}</Button>
      </p>
    </Modal>
  );
}
