import { useCallback, useEffect } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { asApiError, type Trouble } from '@/api/errors';
import { useRun, useRunNews } from '@/modules/compute/queries';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorState';
import { Facts } from '@/ui/Facts';
import { count } from '@/ui/format';
import { LinkButton } from '@/ui/LinkButton';
import { Load } from '@/ui/Load';
import { LogView } from '@/ui/LogView';
import { Section } from '@/ui/Page';
import { Progress } from '@/ui/Progress';
import { StateTag } from '@/ui/StateTag';
import { PushKeys } from '../deliveries/PushKeys';
import { useSource } from '../queries';
import { Checked } from './Checked';
import type { Draft } from './plan';
import { words } from './strings';

type Table = Schemas['TableView'];

interface Made {
  source: string;
  jobs: Record<string, string | null>;
}

/** The source is there: what its first load brings, as it comes. */
export function FirstLoad({ draft }: { draft: Draft }) {
  const made = draft.made as unknown as Made;
  const source = useSource(made.source);
  const { refetch } = source;
  const again = useCallback(() => void refetch(), [refetch]);
  return (
    <>
      <Load query={source} lines={4}>
        {(found) => (
          <>
            <p className="connect-done">
              <b>{found.source.title}</b> <code>{made.source}</code>
            </p>
            {found.tables.map((one) => (
              <TableLoad key={one.name} source={made.source} table={one} job={made.jobs[one.name] ?? null} again={again} way={draft.way} />
            ))}
            {draft.way === 'push' && found.tables[0] && <PushKeys source={made.source} table={found.tables[0].name} />}
          </>
        )}
      </Load>
      <div className="row connect-end">
        <LinkButton to={`/sources/${made.source}`} main>
          {words.toSource}
        </LinkButton>
        <LinkButton to="/sources/connect">{words.another}</LinkButton>
      </div>
    </>
  );
}

interface TableProps {
  source: string;
  table: Table;
  job: string | null;
  again: () => void;
  way: Draft['way'];
}

function TableLoad(props: TableProps) {
  const { table, job, way } = props;
  if (job) return <Live {...props} job={job} />;
  const waits =
    way === 'push' ? <EmptyState title={words.waitsForPush} text={words.pushNote} /> : <EmptyState title={words.waitsForFile} text={words.waitsForFileText} />;
  return <Section title={table.title}>{table.last ? <Arrived {...props} /> : waits}</Section>;
}

/** Follows the job by its stream; the table's own balance comes when it is over. */
function Live(props: TableProps & { job: string }) {
  const { table, job: id, again } = props;
  const run = useRun(id);
  const job = run.data?.job;
  const over = job !== undefined && ['done', 'failed', 'cancelled'].includes(job.state);
  useEffect(() => {
    if (over) again();
  }, [over, again]);
  const news = useRunNews(id, over);
  return (
    <Section title={table.title} note={over ? null : words.loadingNote}>
      <div className="row connect-live" role="status">
        <StateTag state={job?.state ?? 'queued'} />
        {job !== undefined && job.progress !== null && !over && <Progress part={job.progress} label={words.loading} />}
        <span className="dim">{over ? '' : job?.message}</span>
        <Link to={`/runs/${id}`}>{words.run}</Link>
      </div>
      {run.isError && <ErrorNote error={asApiError(run.error)} />}
      {job?.state === 'failed' && job.error && <ErrorNote error={job.error as unknown as Trouble} />}
      {over && job.state === 'done' && <Outcome {...props} result={job.result} />}
      {!over && news.lines.length > 0 && <LogView lines={news.lines} quiet="" />}
    </Section>
  );
}

function Outcome(props: TableProps & { result: Record<string, unknown> | null }) {
  const { result, table, source } = props;
  if (typeof result?.rows !== 'number') return table.last ? <Arrived {...props} /> : <p className="dim">{words.waitsForFileText}</p>;
  // What was put away by the declaration waits for nobody.
  const away = table.balance.dismissed;
  const rejected = Math.max(0, Number(result.rejected ?? 0) - away);
  return (
    <>
      <Facts
        facts={[
          [words.read, count(Number(result.source_rows ?? 0))],
          [words.arrived, count(result.rows)],
          [words.setAside, <span key="r" className={rejected ? 'red' : undefined}>{count(rejected)}</span>],
          away > 0 && [words.putAway, count(away)],
          [words.balance, <span key="a" className="green">{words.agrees}</span>],
        ]}
      />
      <Checked table={table.name} />
      <Links source={source} table={table.name} rejected={rejected} />
    </>
  );
}

function Arrived({ table, source }: TableProps) {
  const last = table.last;
  if (!last) return null;
  return (
    <>
      <Facts
        facts={[
          [words.read, count(last.source_rows)],
          [words.arrived, count(last.rows)],
          [words.setAside, count(last.rejected)],
          [words.balance, last.agrees ? words.agrees : words.disagrees],
        ]}
      />
      <Checked table={table.name} />
      <Links source={source} table={table.name} rejected={last.rejected} />
    </>
  );
}

function Links({ source, table, rejected }: { source: string; table: string; rejected: number }) {
  return (
    <p className="row connect-links">
      <Link to={`/catalogue/std.${table}`}>{words.dataset}</Link>
      {rejected > 0 && <Link to={`/sources/${source}/quarantine/${table}`}>{words.quarantine}</Link>}
    </p>
  );
}
