import type { Schemas } from '@/api/client';
import { DataTable } from '@/ui/DataTable';
import { Facts } from '@/ui/Facts';
import { count } from '@/ui/format';
import { StateTag } from '@/ui/StateTag';
import { Elapsed, TimeAgo } from '@/ui/Time';
import { resultWords, words } from './strings';

export function Attempts({ attempts }: { attempts: Schemas['Run'][] }) {
  return (
    <DataTable
      label={words.attempts}
      rows={attempts}
      rowKey={(run) => run.id}
      columns={[
        { title: words.attempt, width: 90, cell: (run) => run.attempt },
        { title: words.state, width: 120, cell: (run) => <StateTag state={run.state} /> },
        { title: words.started, width: 140, cell: (run) => <TimeAgo at={run.started_at} /> },
        { title: words.took, width: 140, right: true, cell: (run) => <Elapsed from={run.started_at} to={run.ended_at} /> },
        { title: words.memory, width: 140, right: true, cell: (run) => (run.peak_mb ? `${Math.round(run.peak_mb)} MB` : '—') },
        { title: words.worker, cell: (run) => <span className="mono dim">{run.worker}</span> },
        { title: words.error, wrap: true, cell: (run) => <AttemptError error={run.error} /> },
      ]}
    />
  );
}

function AttemptError({ error }: { error: Record<string, unknown> | null }) {
  return <span className="red">{typeof error?.message === 'string' ? error.message : ''}</span>;
}

export function Result({ result }: { result: Record<string, unknown> }) {
  const shown = Object.entries(result).filter(([, value]) => value !== null && typeof value !== 'object');
  return <Facts facts={shown.map(([name, value]) => [resultWords[name] ?? name, <ResultValue key={name} value={value} />])} />;
}

function ResultValue({ value }: { value: unknown }) {
  if (typeof value === 'number') return <>{count(value)}</>;
  if (typeof value !== 'boolean') return <>{String(value)}</>;
  return <span className={value ? 'green' : 'red'}>{value ? resultWords.yes : resultWords.no}</span>;
}
