import { Button, Form, Input } from 'antd';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { asApiError } from '@/api/errors';
import { ErrorNote } from '@/ui/ErrorState';
import { useTitle } from '@/ui/Page';
import { Gate } from './Gate';
import { safeNext } from './next';
import { useSignIn } from './queries';
import { words } from './strings';

export function Component() {
  useTitle(words.signIn);
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const changed = (useLocation().state as { changed?: boolean } | null)?.changed;
  const signIn = useSignIn();
  const next = safeNext(search.get('next'));
  const submit = (values: { name: string; password: string }) =>
    signIn.mutate(values, {
      onSuccess: (me) => {
        const change = `/change-password${next === '/' ? '' : `?next=${encodeURIComponent(next)}`}`;
        void navigate(me.must_change ? change : next, { replace: true });
      },
    });
  return (
    <Gate title={words.signIn}>
      {changed && !signIn.isError && <p className="gate-note">{words.changed}</p>}
      <Form layout="vertical" onFinish={submit} disabled={signIn.isPending}>
        <Form.Item label={words.name} name="name" rules={[{ required: true, message: words.needName }]}>
          <Input autoFocus autoComplete="username" />
        </Form.Item>
        <Form.Item
          label={words.password}
          name="password"
          rules={[{ required: true, message: words.needPassword }]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        {signIn.isError && <ErrorNote error={asApiError(signIn.error)} />}
        <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
          {words.signIn}
        </Button>
      </Form>
      <p className="gate-foot">{words.firstTime}</p>
    </Gate>
  );
}
