import { Button, Form, Input } from 'antd';
import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/errors';
import { useMay } from '@/modules/security/queries';
import { ErrorNote } from '@/ui/ErrorState';
import { useTry } from './queries';
import { words } from './strings';
import { titleOf } from './titles';

type Detail = Schemas['ServiceDetail'];

/** The service called for real, by the person who looks at it. */
export function TryIt({ detail }: { detail: Detail }) {
  const may = useMay()('services.call');
  const trial = useTry(detail.spec.name);
  const send = (values: Record<string, string | undefined>) =>
    trial.mutate(Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value ? [[name, value]] : []))));
  return (
    <aside className="try">
      <h2>{words.tryIt}</h2>
      <p className="dim">{may ? words.tryNote : words.noRight}</p>
      <Form layout="vertical" onFinish={send} disabled={!may}>
        {detail.parameters.map((one) => (
          <Form.Item
            key={one.name}
            name={one.name}
            label={titleOf(one)}
            rules={one.needed ? [{ required: true, message: words.needed }] : []}
          >
            <Input placeholder={one.needed ? words.needed : words.optional} autoComplete="off" />
          </Form.Item>
        ))}
        <Button type="primary" htmlType="submit" loading={trial.isPending}>
          {words.call}
        </Button>
      </Form>
      {trial.isError && <ErrorNote error={asApiError(trial.error)} />}
      {trial.data ? <Reply answer={trial.data} /> : <p className="try-quiet">{words.waiting}</p>}
    </aside>
  );
}

function Reply({ answer }: { answer: Schemas['TrialAnswer'] }) {
  const good = answer.status < 400;
  return (
    <div className="reply" aria-live="polite">
      <p>
        {words.answer} <b className={good ? 'green' : 'red'}>{answer.status}</b>
        <span className="dim"> · {answer.milliseconds.toFixed(1)} {words.milliseconds}</span>
      </p>
      <pre tabIndex={0} aria-label={words.answer}>
        {JSON.stringify(answer.body, null, 2)}
      </pre>
    </div>
  );
}
