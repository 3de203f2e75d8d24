import { Button } from 'antd';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { ApiError, asApiError } from '@/api/errors';
import { ErrorNote } from '@/ui/ErrorState';
import { Progress } from '@/ui/Progress';
import { useMending } from './queries';
import { words } from './strings';

/** What was handed over just now: its job is followed to its end, and what became of the rows told. */
export function Sending({ table, sent, close }: { table: string; sent: Schemas['Sent']; close: () => void }) {
  const job = useMending(table, sent.job);
  if (job.isError) return <ErrorNote error={asApiError(job.error)} />;
  if (sent.job === null || !job.data || job.data.state === 'queued' || job.data.state === 'running') {
    return <OnTheWay rows={sent.rows} job={job.data ?? null} />;
  }
  if (job.data.state !== 'done') return <Failed job={job.data} />;
  return (
    <p className="notice" role="status">
      {told(sent.rows, job.data)}
      <Button size="small" onClick={close}>
        {words.close}
      </Button>
    </p>
  );
}

function told(rows: number, job: Schemas['Job']): string {
  const bad = Number(job.result?.rejected ?? 0);
  // A job takes all that waits, also what others sent.
  const all = Math.max(rows, Number(job.result?.rows ?? 0) + bad);
  if (bad === 0) return words.sentAll(all);
  return bad >= all ? words.sentNone(all) : words.sentSome(all, bad);
}

export function OnTheWay({ rows, job }: { rows: number; job: Schemas['Job'] | null }) {
  return (
    <p className="notice" role="status">
      <b>{words.sending(rows)}</b>
      {typeof job?.progress === 'number' ? <Progress part={job.progress} label={words.sending(rows)} /> : <span className="dim">{words.sendingNote}</span>}
      {job && <Link to={`/runs/${job.id}`}>{words.watch}</Link>}
    </p>
  );
}

function Failed({ job }: { job: Schemas['Job'] }) {
  const error = new ApiError(0, {
    code: 'mend_failed',
    message: `${words.sentFailed}:${String(job.error?.message ?? '')}`,
    hint: [job.error?.hint, words.sentFailedHint].filter(Boolean).join(' '),
  });
  return (
    <>
      <ErrorNote error={error} />
      <p>
        <Link to={`/runs/${job.id}`}>{words.watch}</Link>
      </p>
    </>
  );
}
