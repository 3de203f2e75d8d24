import { Button, Select } from 'antd';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Figure, Figures } from '@/ui/Figure';
import { LiveMark } from '@/ui/LiveMark';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { Progress } from '@/ui/Progress';
import { StateTag } from '@/ui/StateTag';
import { stateWords } from '@/ui/strings';
import { Elapsed, TimeAgo } from '@/ui/Time';
import { useFilter } from '@/ui/useSearch';
import { mergeLive } from './live';
import { useLiveRuns, useRuns } from './queries';
import { shownState } from './state';
import { kindWords, words } from './strings';

type Job = Schemas['Job'];

const states = ['running', 'queued', 'failed', 'done', 'cancelled'] as const;

const columns: Column<Job>[] = [
  {
    title: words.job,
    cell: (job) => (
      <Link to={`/runs/${job.id}`} title={job.title}>
        {job.title}
      </Link>
    ),
  },
  { title: words.cause, cell: (job) => <span title={job.cause}>{job.cause}</span> },
  { title: words.state, width: 110, cell: (job) => <StateTag state={shownState(job)} /> },
  { title: words.started, width: 120, cell: (job) => <TimeAgo at={job.started_at} /> },
  { title: words.took, width: 110, right: true, cell: (job) => <Elapsed from={job.started_at} to={job.ended_at} /> },
  { title: words.progress, width: 240, cell: (job) => <JobProgress job={job} /> },
];

function JobProgress({ job }: { job: Job }) {
  if (job.state === 'running' && job.progress !== null) return <Progress part={job.progress} label={words.progress} />;
  const message = job.error?.message ?? job.message;
  return (
    <span className="dim" title={typeof message === 'string' ? message : ''}>
      {typeof message === 'string' ? message : ''}
    </span>
  );
}

const now: string[] = ['running', 'queued'];

export function Component() {
  const [filter, setFilter] = useFilter(['state', 'kind', 'subject']);
  const { live, connected } = useLiveRuns();
  const runs = useRuns(filter);
  const today = live?.today ?? runs.data?.pages[0]?.today;
  const filtered = Boolean(filter.state || filter.kind || filter.subject);
  const clear = () => setFilter({ state: '', kind: '', subject: '' });
  return (
    <Page title={words.title} note={words.note} action={<LiveMark on={connected} />}>
      <Today today={today} state={filter.state} />
      <div className="filters">
        <Select
          aria-label={words.state}
          value={filter.state}
          onChange={(state) => setFilter({ state })}
          style={{ width: 120 }}
          options={[{ value: '', label: words.all }, ...states.map((value) => ({ value, label: stateWords[value] }))]}
        />
        <Select
          aria-label={words.kind}
          value={filter.kind}
          onChange={(kind) => setFilter({ kind })}
          style={{ width: 160 }}
          options={[
            { value: '', label: words.allKinds },
            ...Object.entries(kindWords).map(([value, label]) => ({ value, label })),
          ]}
        />
        {filter.subject && <code>{filter.subject}</code>}
        {filtered && (
          <Button type="link" onClick={clear}>
            {words.clear}
          </Button>
        )}
      </div>
      <Load query={runs} lines={12}>
        {(data) => (
          <DataTable
            label={words.title}
            rows={mergeLive(data.pages, live, filter)}
            columns={columns}
            rowKey={(job) => job.id}
            to={(job) => `/runs/${job.id}`}
            more={runs.hasNextPage ? { load: () => void runs.fetchNextPage(), loading: runs.isFetchingNextPage } : null}
            empty={<Nothing filtered={filtered} />}
          />
        )}
      </Load>
    </Page>
  );
}

function Today({ today, state }: { today: Record<string, number> | undefined; state: string }) {
  return (
    <Figures>
      {states.map((one) => (
        <Figure
          key={one}
          title={now.includes(one) ? stateWords[one] : `${words.today}${stateWords[one]}`}
          value={today ? (today[one] ?? 0) : null}
          active={state === one}
          to={state === one ? '/runs' : `/runs?state=${one}`}
          {...(one === 'failed' ? { tone: 'red' as const } : {})}
        />
      ))}
    </Figures>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <EmptyState title={words.noneTitle} text={words.noneText} />
  ) : (
    <EmptyState title={words.emptyTitle} text={words.emptyText} />
  );
}
