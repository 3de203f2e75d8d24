import { Link, useParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { useAgencies } from '@/modules/coordination/queries';
import { useMay } from '@/modules/security/queries';
import { DataTable, type Column } from '@/ui/DataTable';
import { Facts } from '@/ui/Facts';
import { Load } from '@/ui/Load';
import { Page, Section } from '@/ui/Page';
import { RowsCount } from '@/ui/RowsCount';
import { cycleWords } from '@/ui/strings';
import { TimeAgo } from '@/ui/Time';
import { LoadAll, LoadNow } from './LoadNow';
import { useSource } from './queries';
import { connectionWords, kindWords, words } from './strings';

type Table = Schemas['TableView'];
type Source = Schemas['SourceView'];

export function Component() {
  const { name = '' } = useParams();
  const source = useSource(name);
  const may = useMay()('sources.steer');
  const found = source.data;
  return (
    <Page
      title={found?.source.title ?? name}
      up={{ to: '/sources', title: words.sources }}
      note={<code>{name}</code>}
      action={may && found && found.tables.length > 0 && <LoadAll tables={found.tables.map((one) => one.name)} />}
    >
      <Load query={source}>
        {(detail) => (
          <>
            <Head source={detail.source} />
            <Section title={words.tables}>
              <DataTable label={words.tables} rows={detail.tables} rowKey={(one) => one.name} columns={columnsOf(may)} />
            </Section>
          </>
        )}
      </Load>
    </Page>
  );
}

function Head({ source }: { source: Source }) {
  const agencies = useAgencies();
  const connection = Object.entries(source.connection).filter(([name]) => name in connectionWords);
  return (
    <Facts
      facts={[
        [words.agency, agencies.title(source.agency)],
        [words.kind, kindWords[source.kind] ?? source.kind],
        [words.schedule, source.schedule ? <code key="s">{source.schedule}</code> : words.noSchedule],
        ...connection.map(([name, value]) => [connectionWords[name] ?? name, <code key={name}>{String(value)}</code>] as const),
        source.pack ? [words.pack, source.pack] : null,
      ]}
    />
  );
}

function columnsOf(may: boolean): Column<Table>[] {
  return [
    {
      title: words.table,
      cell: (one) => (
        <Link className="two" to={`/catalogue/ods.${one.name}`}>
          {one.title}
          <small>ods.{one.name}</small>
        </Link>
      ),
    },
    { title: words.from, cell: (one) => <code>{one.from_}</code> },
    { title: words.mode, width: 70, cell: (one) => (one.mode === 'full' ? words.full : words.incremental) },
    { title: words.cycle, width: 80, cell: (one) => cycleWords[one.cycle] ?? one.cycle },
    {
      title: words.lastLoad,
      width: 120,
      cell: (one) =>
        one.last ? (
          <Link to={`/runs/${one.last.job}`}>
            <TimeAgo at={one.last.at} />
          </Link>
        ) : (
          <span className="dim">{words.never}</span>
        ),
    },
    { title: words.rows, width: 110, right: true, cell: (one) => <RowsCount rows={one.last?.rows} /> },
    { title: words.rejected, width: 80, right: true, cell: (one) => <Rejected table={one} /> },
    {
      title: words.agrees,
      width: 80,
      cell: (one) => one.last && <span className={one.last.agrees ? 'green' : 'red'}>{one.last.agrees ? words.agree : words.disagree}</span>,
    },
    { title: '', width: 150, right: true, cell: (one) => may && <LoadNow table={one.name} /> },
  ];
}

function Rejected({ table }: { table: Table }) {
  if (!table.quarantined) return <span className="faint">0</span>;
  return (
    <Link className="red" to={`/catalogue/ods.${table.name}?tab=quarantine`}>
      {table.quarantined}
    </Link>
  );
}
