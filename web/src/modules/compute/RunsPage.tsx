import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Figure, Figures } from '@/ui/Figure';
import { LiveMark } from '@/ui/LiveMark';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { Progress } from '@/ui/Progress';
import { causeOf } from '@/ui/rule';
import { StateTag } from '@/ui/StateTag';
import { stateWords } from '@/ui/strings';
import { Elapsed, TimeAgo } from '@/ui/Time';
import { useFilter } from '@/ui/useSearch';
import { mergeLive, type RunFilter } from './live';
import { useLiveRuns, useRuns } from './queries';
import { RunFilters, states } from './RunFilters';
import { shownState } from './state';
import { words } from './strings';
import { Timeline } from './Timeline';

type Job = Schemas['Job'];

const columns: Column<Job>[] = [
  {
    title: words.job,
    cell: (job) => (
      <Link to={`/runs/${job.id}`} title={job.title}>
        {job.title}
      </Link>
    ),
  },
  { title: words.cause, cell: (job) => <span title={job.cause}>{causeOf(job.cause)}</span> },
  { title: words.state, width: 110, cell: (job) => <StateTag state={shownState(job)} /> },
  { title: words.started, width: 120, cell: (job) => <TimeAgo at={job.started_at} /> },
  { title: words.took, width: 110, right: true, cell: (job) => <Elapsed from={job.started_at} to={job.ended_at} /> },
  { title: words.progress, width: 240, cell: (job) => <JobProgress job={job} /> },
];

function JobProgress({ job }: { job: Job }) {
  if (job.state === 'running' && job.progress !== null) return <Progress part={job.progress} label={words.progress} />;
  const message = job.error?.message ?? job.message;
  return (
    <span className="dim run-said" title={typeof message === 'string' ? message : ''}>
      {typeof message === 'string' ? message : ''}
    </span>
  );
}

const now: string[] = ['running', 'queued'];
const names = ['state', 'kind', 'subject', 'agency', 'batch', 'text', 'span', 'until'] as const;
const HOUR = 3_600_000;

/** The list under a window that was chosen holds what was at work in it. */
function listFilter(filter: Record<(typeof names)[number], string>): RunFilter {
  const { span, until, ...rest } = filter;
  if (!until) return rest;
  const end = new Date(until).getTime();
  return { ...rest, until, since: new Date(end - (Number(span) * 1000 || HOUR)).toISOString() };
}

export function Component() {
  const [filter, setFilter] = useFilter(names);
  const { live, connected } = useLiveRuns();
  const wanted = listFilter(filter);
  const runs = useRuns(wanted);
  const today = live?.today ?? runs.data?.pages[0]?.today;
  const zoomed = filter.until !== '';
  const { span, until, ...plain } = filter;
  const filtered = zoomed || Object.values(plain).some(Boolean);
  // What the list says of itself — nothing yet, or an error — is not said twice.
  const silent = runs.isError || (!filtered && runs.data !== undefined && !mergeLive(runs.data.pages, live, wanted).length);
  const clear = () => setFilter(Object.fromEntries(names.map((name) => [name, ''])));
  return (
    <Page title={words.title} note={words.note} action={<LiveMark on={connected} />}>
      <Today today={today} state={filter.state} />
      <RunFilters filter={plain} set={setFilter} zoomed={zoomed} clear={clear} />
      {!silent && <Timeline window={{ span, until }} setWindow={setFilter} filter={plain} />}
      <Load query={runs} lines={12}>
        {(data) => (
          <DataTable
            label={words.title}
            rows={mergeLive(data.pages, live, wanted)}
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
