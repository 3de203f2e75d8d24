import { Button, Checkbox, Form, Input, Modal, Select } from 'antd';
import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/errors';
import { ErrorNote } from '@/ui/ErrorState';
import { finding, type Known } from '@/ui/finding';
import { FirstPassword } from './FirstPassword';
import { useAddPerson, useChangePerson } from './queries';
import { problemOf, type Person } from './rights';
import { words } from './strings';

interface Values {
  name: string;
  title: string;
  roles: string[];
  agency?: string;
}

interface Choices {
  choices: Schemas['People'];
  close: () => void;
}

export function NewPerson({ choices, close }: Choices) {
  const add = useAddPerson();
  if (add.data) return <FirstPassword title={add.variables.title} password={add.data.password} close={close} />;
  return (
    <Modal open title={words.add} footer={null} onCancel={close} mask={{ closable: false }}>
      <Rights
        choices={choices}
        first={{ name: '', title: '', roles: [] }}
        act={{ text: words.make, busy: add.isPending, error: add.error }}
        submit={(values) => add.mutate({ ...values, agency: values.agency ?? null })}
      />
    </Modal>
  );
}

export function ChangePerson({ choices, close, person }: Choices & { person: Person }) {
  const change = useChangePerson(person.name);
  const { agency, ...rest } = person;
  return (
    <Modal open title={words.changeOf(person.title)} footer={null} onCancel={close} mask={{ closable: false }}>
      <Rights
        choices={choices}
        named
        first={agency ? { ...rest, agency } : rest}
        act={{ text: words.save, busy: change.isPending, error: change.error, note: words.signedOut }}
        submit={({ title, roles, agency: of }) => change.mutate({ title, roles, agency: of ?? null }, { onSuccess: close })}
      />
    </Modal>
  );
}

interface Asked {
  choices: Schemas['People'];
  first: Values;
  named?: boolean;
  act: { text: string; busy: boolean; error: Error | null; note?: string };
  submit: (values: Values) => void;
}

function Rights({ choices, first, named, act, submit }: Asked) {
  const [form] = Form.useForm<Values>();
  const alone = new Set(choices.roles.filter((role) => role.alone).map((role) => role.name));
  const judged = (field: 'roles' | 'agency') => ({
    validator: () => {
      const found = problemOf(form.getFieldValue('roles') as string[], form.getFieldValue('agency') as string | undefined, alone);
      return found?.field === field ? Promise.reject(new Error(found.text)) : Promise.resolve();
    },
  });
  return (
    <Form form={form} layout="vertical" initialValues={first} onFinish={submit} disabled={act.busy}>
      <Form.Item name="title" label={words.person} rules={[{ required: true, whitespace: true, message: words.needTitle }]}>
        <Input maxLength={100} autoFocus autoComplete="off" />
      </Form.Item>
      {!named && (
        <Form.Item
          name="name"
          label={words.name}
          extra={words.nameHelp}
          rules={[
            { required: true, message: words.needName },
            { pattern: /^[a-z][a-z0-9_.-]{1,59}$/, message: words.badName },
          ]}
        >
          <Input className="mono" maxLength={60} autoComplete="off" />
        </Form.Item>
      )}
      <Form.Item name="roles" label={words.role} extra={words.rolesHelp} rules={[{ required: true, message: words.needRole }, judged('roles')]}>
        <Checkbox.Group options={choices.roles.map((role) => ({ value: role.name, label: role.title }))} />
      </Form.Item>
      <Form.Item name="agency" label={words.agency} extra={words.agencyHelp} dependencies={['roles']} rules={[judged('agency')]}>
        <Select allowClear showSearch={finding} placeholder={words.noAgency} options={choices.agencies.map(known)} notFoundContent={choices.agencies.length ? words.noMatch : words.agencyEmpty} />
      </Form.Item>
      {act.error && <ErrorNote error={asApiError(act.error)} />}
      <div className="row">
        <Button type="primary" htmlType="submit" loading={act.busy}>
          {act.text}
        </Button>
        {act.note && <span className="dim">{act.note}</span>}
      </div>
    </Form>
  );
}

const known = (one: Schemas['AgencyChoice']): Known => ({
  value: one.code,
  label: one.title,
  names: [one.short, one.title, one.code],
  initials: one.initials,
});
