import { Button, Form, Input, Modal, Select } from 'antd';
import { asApiError } from '@/api/errors';
import { ErrorNote } from '@/ui/ErrorState';
import { Once } from '@/ui/Once';
import { useMakeKey, useServices } from './queries';
import { words } from './strings';

interface Values {
  title: string;
  services: string[];
}

/** A key is shown once: closing takes an act of one's own, not a click beside the dialog. */
export function NewKey({ close }: { close: () => void }) {
  const services = useServices();
  const make = useMakeKey();
  const options = (services.data ?? []).map(({ spec }) => ({ value: spec.name, label: spec.title }));
  return (
    <Modal
      open
      title={make.data ? words.madeTitle : words.newKey}
      footer={null}
      onCancel={close}
      mask={{ closable: false }}
      keyboard={!make.data}
      closable={!make.data}
    >
      {make.data ? (
        <Made made={make.data.key} close={close} />
      ) : (
        <Form layout="vertical" onFinish={(values: Values) => make.mutate(values)}>
          <Form.Item name="title" label={words.keyTitle} rules={[{ required: true, message: words.needTitle }]}>
            <Input placeholder={words.keyTitleHint} maxLength={100} autoFocus />
          </Form.Item>
          <Form.Item name="services" label={words.keyServices} rules={[{ required: true, message: words.needServices }]}>
            <Select mode="multiple" options={options} showSearch={{ optionFilterProp: 'label' }} />
          </Form.Item>
          {make.isError && <ErrorNote error={asApiError(make.error)} />}
          <Button type="primary" htmlType="submit" loading={make.isPending}>
            {words.make}
          </Button>
        </Form>
      )}
    </Modal>
  );
}

function Made({ made, close }: { made: string; close: () => void }) {
  return (
    <>
      <p>{words.madeText}</p>
      <Once text={made} />
      <p style={{ marginTop: 16, textAlign: 'right' }}>
        <Button onClick={close}>{words.close}</Button>
      </p>
    </>
  );
}
