import { Button, Form, Input, Modal, Popconfirm } from 'antd';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/errors';
import { Code } from '@/ui/Copy';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorState';
import { Load } from '@/ui/Load';
import { Once } from '@/ui/Once';
import { Section } from '@/ui/Page';
import { TimeAgo } from '@/ui/Time';
import { pushCurl } from './curl';
import { useDisablePushKey, useMakePushKey, usePushKeys } from './queries';
import { words } from './strings';

/** For operators: keys by which an agency's program pushes into a source. */
export function PushKeys({ source, table }: { source: string; table: string }) {
  const keys = usePushKeys(source);
  const disable = useDisablePushKey(source);
  const [making, make] = useState(false);
  return (
    <Section title={words.keys} note={words.keysNote}>
      <p style={{ marginBottom: 8 }}>
        <Button onClick={() => make(true)}>{words.newKey}</Button>
      </p>
      {disable.isError && <ErrorNote error={asApiError(disable.error)} />}
      <Load query={keys} lines={2}>
        {(found) => (
          <DataTable
            label={words.keys}
            rows={found}
            rowKey={(key) => key.id}
            empty={<EmptyState title={words.noKeys} text={words.noKeysText} />}
            columns={[
              { title: words.keyTitle, cell: (key) => key.title },
              { title: words.createdBy, width: 140, cell: (key) => key.created_by },
              { title: words.created, width: 120, cell: (key) => <TimeAgo at={key.created_at} /> },
              { title: words.state, width: 90, cell: (key) => (key.disabled ? <span className="dim">{words.disabled}</span> : words.active) },
              { title: '', width: 80, right: true, cell: (key) => !key.disabled && <Disable item={key} disable={disable.mutate} /> },
            ]}
          />
        )}
      </Load>
      {making && <NewPushKey source={source} table={table} close={() => make(false)} />}
    </Section>
  );
}

function Disable({ item, disable }: { item: Schemas['PushKey']; disable: (id: string) => void }) {
  return (
    <Popconfirm
      title={words.confirmDisable(item.title)}
      description={words.confirmDisableText}
      okText={words.disable}
      cancelText={words.keep}
      okButtonProps={{ danger: true }}
      onConfirm={() => disable(item.id)}
    >
      <button className="red">{words.disable}</button>
    </Popconfirm>
  );
}

/** A key is shown once: closing takes an act of one's own. */
function NewPushKey({ source, table, close }: { source: string; table: string; close: () => void }) {
  const make = useMakePushKey(source);
  return (
    <Modal
      open
      width={640}
      title={make.data ? words.madeTitle : words.newKey}
      footer={null}
      onCancel={close}
      mask={{ closable: false }}
      keyboard={!make.data}
      closable={!make.data}
    >
      {make.data ? (
        <>
          <p>{words.madeText}</p>
          <Once text={make.data.key} />
          <p className="dim">{words.ready}</p>
          <Code text={pushCurl(window.location.origin, table, make.data.key)} label={words.ready} />
          <p style={{ marginTop: 16, textAlign: 'right' }}>
            <Button onClick={close}>{words.close}</Button>
          </p>
        </>
      ) : (
        <Form layout="vertical" onFinish={({ title }: { title: string }) => make.mutate(title)}>
          <Form.Item name="title" label={words.keyTitle} rules={[{ required: true, message: words.needTitle }]}>
            <Input placeholder={words.keyTitleHint} maxLength={100} autoFocus />
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
