import { Button, Form, Input } from 'antd';
import { useNavigate, useSearchParams } from 'react-router';
import { asApiError } from '@/api/errors';
import { ErrorNote, ErrorState } from '@/ui/ErrorState';
import { Icon } from '@/ui/Icon';
import { LinkButton } from '@/ui/LinkButton';
import { useTitle } from '@/ui/Page';
import { Gate } from './Gate';
import { useChangePassword, useMe } from './queries';
import { judge, type Rule } from './rules';
import { words } from './strings';

interface Values {
  old?: string;
  fresh?: string;
  again?: string;
}

export function Component() {
  const me = useMe();
  const forced = me.data?.must_change ?? false;
  const title = forced ? words.mustChange : words.change;
  useTitle(title);
  if (me.isError) {
    return (
      <Gate title={title}>
        <ErrorState error={asApiError(me.error)} retry={() => void me.refetch()} />
      </Gate>
    );
  }
  return (
    <Gate title={title}>
      <p className="gate-text">{forced ? words.mustChangeText : words.changeText}</p>
      <PasswordForm name={me.data?.name ?? ''} forced={forced} />
    </Gate>
  );
}

function PasswordForm({ name, forced }: { name: string; forced: boolean }) {
  const [form] = Form.useForm<Values>();
  const typed = Form.useWatch([], form) as Values | undefined;
  const change = useChangePassword();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const rules = judge(name, typed?.old ?? '', typed?.fresh ?? '');
  const same = typed?.fresh === typed?.again;
  const ready = rules.every((rule) => rule.met) && same && Boolean(typed?.old);
  const submit = (values: Values) =>
    change.mutate(
      { old: values.old ?? '', new: values.fresh ?? '' },
      {
        onSuccess: () => {
          const next = search.get('next');
          const to = next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in';
          void navigate(to, { replace: true, state: { changed: true } });
        },
      },
    );
  return (
    <Form form={form} layout="vertical" onFinish={submit} disabled={change.isPending}>
      <Form.Item label={words.old} name="old">
        <Input.Password autoFocus autoComplete="current-password" />
      </Form.Item>
      <Form.Item label={words.fresh} name="fresh">
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Rules rules={rules} />
      <Form.Item
        label={words.again}
        name="again"
        validateStatus={typed?.again && !same ? 'error' : ''}
        help={typed?.again && !same ? words.needAgain : null}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {change.isError && <ErrorNote error={asApiError(change.error)} />}
      <Button type="primary" htmlType="submit" block disabled={!ready} loading={change.isPending}>
        {words.save}
      </Button>
      {!forced && (
        <div className="gate-foot">
          <LinkButton to="/">{words.back}</LinkButton>
        </div>
      )}
    </Form>
  );
}

function Rules({ rules }: { rules: Rule[] }) {
  return (
    <ul className="gate-rules">
      {rules.map((rule) => (
        <li key={rule.title} className={rule.met ? 'met' : ''}>
          <Icon name={rule.met ? 'tick' : 'dot'} />
          {rule.title}
          <span className="unseen">{rule.met ? words.met : words.unmet}</span>
        </li>
      ))}
    </ul>
  );
}
