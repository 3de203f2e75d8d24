import { Link, useParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { useAgencies } from '@/modules/coordination/queries';
import { useMay } from '@/modules/security/queries';
import { DataTable, type Column } from '@/ui/DataTable';
import { Facts } from '@/ui/Facts';
import { count } from '@/ui/format';
import { LinkButton } from '@/ui/LinkButton';
import { Load } from '@/ui/Load';
import { Page, Section } from '@/ui/Page';
import { cycleWords } from '@/ui/strings';
import { TimeAgo } from '@/ui/Time';
import { BalanceTerms, missing } from './Balance';
import { LoadAll, LoadNow } from './LoadNow';
import { useSource } from './queries';
import { planOf } from '@/ui/rule';
import { useTends } from './rights';
import { connectionWords, driftPolicyWords, placementWords, wayWords, words } from './strings';
import './resources.css';

type Table = Schemas['TableView'];
type Source = Schemas['SourceView'];
type Detail = Schemas['SourceDetail'];

/** Whether agencies hand batches to this source. */
export const takesBatches = (source: Source) => source.placement === 'file' || source.placement === 'push';

export function Component() {
  const { name = '' } = useParams();
  const source = useSource(name);
  const found = source.data;
  return (
    <Page
      title={found?.source.title ?? name}
      up={{ to: '/sources', title: words.sources }}
      note={<code>{name}</code>}
      action={found && found.tables.length > 0 && <Actions detail={found} />}
    >
      <Load query={source}>
        {(detail) => (
          <>
            <Head source={detail.source} />
            <Section title={words.tables} note={words.tablesNote}>
              <Tables detail={detail} />
              <BalanceTerms />
            </Section>
          </>
        )}
      </Load>
    </Page>
  );
}

function Actions({ detail: { source, tables } }: { detail: Detail }) {
  const may = useMay()('sources.steer');
  const tends = useTends()(source.agency);
  const batches = takesBatches(source);
  return (
    <>
      {may && source.fetches && <LoadAll tables={tables.map((one) => one.name)} main={!batches} />}
      {batches && (
        <LinkButton to={`/sources/${source.name}/deliveries`} main={tends}>
          {tends ? words.handIn : words.deliveries}
        </LinkButton>
      )}
    </>
  );
}

function Head({ source }: { source: Source }) {
  const agencies = useAgencies();
  const connection = Object.entries(source.connection).filter(
    ([name, value]) => name in connectionWords && typeof value !== 'object' && value !== '',
  );
  return (
    <Facts
      facts={[
        [words.agency, agencies.title(source.agency)],
        [words.kind, source.kind_title],
        [words.placement, source.inbox ? `${placementWords[source.placement]},${words.inbox}` : placementWords[source.placement]],
        [words.schedule, source.schedule ? <span key="s" title={source.schedule}>{planOf(source.schedule)}</span> : words.noSchedule],
        [words.window, source.window ? <code key="w">{source.window}</code> : words.anyTime],
        source.rows_per_second === null ? null : [words.pace, words.perSecond(source.rows_per_second)],
        ...connection.map(([name, value]) => [connectionWords[name] ?? name, <code key={name}>{String(value)}</code>] as const),
        source.pack ? [words.pack, source.pack] : null,
      ]}
    />
  );
}

function Tables({ detail: { source, tables } }: { detail: Detail }) {
  const may = useMay()('sources.steer') && source.fetches;
  return <DataTable label={words.tables} rows={tables} rowKey={(one) => one.name} columns={columnsOf(source.name, may)} />;
}

function columnsOf(source: string, may: boolean): Column<Table>[] {
  const at = (what: string, one: Table) => `/sources/${source}/${what}/${one.name}`;
  const all: (Column<Table> | false)[] = [
    {
      title: words.table,
      cell: (one) => (
        <span className="two">
          <Link to={`/catalogue/ods.${one.name}`}>{one.title}</Link>
          <small title={words.from}>{one.from_}</small>
        </span>
      ),
    },
    { title: words.way, width: 90, cell: (one) => <Way table={one} /> },
    { title: words.drift, width: 110, cell: (one) => <DriftCell table={one} to={at('drift', one)} /> },
    {
      title: words.lastBatch,
      width: 90,
      cell: (one) => (one.last ? <Last load={one.last} to={at('loads', one)} /> : <span className="dim">{words.never}</span>),
    },
    { title: words.balanceOf.source_rows, width: 84, right: true, cell: (one) => <SourceRows table={one} /> },
    { title: words.balanceOf.in_lake, width: 84, right: true, cell: (one) => count(one.balance.in_lake) },
    { title: words.balanceOf.mended, width: 90, right: true, cell: (one) => <Some rows={one.balance.mended} to={`${at('quarantine', one)}?state=mended`} /> },
    { title: words.balanceOf.dismissed, width: 76, right: true, cell: (one) => <Some rows={one.balance.dismissed} to={`${at('quarantine', one)}?state=dismissed`} /> },
    { title: words.balanceOf.outstanding, width: 76, right: true, cell: (one) => <Some rows={one.balance.outstanding} to={at('quarantine', one)} red /> },
    may && { title: '', width: 96, right: true, cell: (one) => <LoadNow table={one.name} /> },
  ];
  return all.filter((column) => column !== false);
}

function Way({ table }: { table: Table }) {
  return (
    <span className="two" title={words.wayHow[table.way as keyof typeof words.wayHow]}>
      {wayWords[table.way] ?? table.way}
      <small>{cycleWords[table.cycle] ?? table.cycle}</small>
    </span>
  );
}

function DriftCell({ table, to }: { table: Table; to: string }) {
  return (
    <Link to={to} className={table.drifted ? 'red' : undefined} title={driftPolicyWords[table.drift]?.how}>
      {table.drifted ? words.toConfirm(table.drifted) : (driftPolicyWords[table.drift]?.short ?? table.drift)}
    </Link>
  );
}

function Last({ load, to }: { load: Schemas['Load']; to: string }) {
  return (
    <span className="two">
      <Link to={to}>
        <TimeAgo at={load.at} />
      </Link>
      <small className={load.agrees ? undefined : 'red'}>{load.agrees ? words.agree : words.disagree}</small>
    </span>
  );
}

function SourceRows({ table }: { table: Table }) {
  const lost = missing(table.balance);
  return (
    <span className={lost ? 'red' : undefined} title={lost ? words.lost(lost) : undefined}>
      {count(table.balance.source_rows)}
    </span>
  );
}

function Some({ rows, to, red }: { rows: number; to: string; red?: boolean }) {
  if (!rows) return <span className="dim">0</span>;
  return (
    <Link className={red ? 'red' : undefined} to={to}>
      {count(rows)}
    </Link>
  );
}
