import { Select } from 'antd';
import { Link, useParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { useAgencies } from '@/modules/coordination/queries';
import { useMay } from '@/modules/security/queries';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { bytes, count } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Page, Section } from '@/ui/Page';
import { StateTag } from '@/ui/StateTag';
import { TimeAgo } from '@/ui/Time';
import { useFilter } from '@/ui/useSearch';
import { useSource } from '../queries';
import { useTends } from '../rights';
import { words as up } from '../strings';
import { HandIn } from './HandIn';
import { PushKeys } from './PushKeys';
import { useDeliveries } from './queries';
import { viaWords, words } from './strings';
import '../resources.css';

type Delivery = Schemas['Delivery'];
type Detail = Schemas['SourceDetail'];

export function Component() {
  const { name = '' } = useParams();
  const source = useSource(name);
  const title = source.data?.source.title;
  return (
    <Page title={words.title(title ?? name)} up={{ to: `/sources/${name}`, title: title ?? up.source }} note={words.note}>
      <Load query={source}>{(detail) => <Deliveries detail={detail} />}</Load>
    </Page>
  );
}

function Deliveries({ detail: { source, tables } }: { detail: Detail }) {
  const agencies = useAgencies();
  const may = useMay()('sources.steer');
  const tends = useTends()(source.agency);
  const [{ table }, set] = useFilter(['table']);
  const batches = useDeliveries(source.name, true);
  if (source.placement !== 'file' && source.placement !== 'push') {
    return <EmptyState title={words.notTaken} text={words.notTakenText} />;
  }
  return (
    <>
      {tends ? (
        <HandIn key={source.name} tables={tables} chosen={table} batches={batches.data ?? []} />
      ) : (
        <p className="notice">{words.mayNot(agencies.title(source.agency))}</p>
      )}
      <Section title={words.batches}>
        {tables.length > 1 && (
          <div className="filters">
            <Select
              aria-label={words.table}
              style={{ width: 220 }}
              value={table}
              onChange={(value: string) => set({ table: value })}
              options={[{ value: '', label: words.allTables }, ...tables.map((one) => ({ value: one.name, label: one.title }))]}
            />
          </div>
        )}
        <Load query={batches}>{(found) => <Batches found={found.filter((one) => !table || one.table === table)} tables={tables} />}</Load>
      </Section>
      {may && source.placement === 'push' && <PushKeys source={source.name} table={tables[0]?.name ?? ''} />}
    </>
  );
}

function Batches({ found, tables }: { found: Delivery[]; tables: Detail['tables'] }) {
  return (
    <DataTable
      label={words.batches}
      rows={found}
      rowKey={(one) => one.id}
      empty={<EmptyState title={words.none} text={words.noneText} />}
      columns={columnsOf(new Map(tables.map((one) => [one.name, one.title])))}
    />
  );
}

function columnsOf(titles: Map<string, string>): Column<Delivery>[] {
  const all: (Column<Delivery> | false)[] = [
    {
      title: words.number,
      cell: (one) => (
        <span className="two cut" title={one.file}>
          {one.number}
          <small>{one.file}</small>
        </span>
      ),
    },
    titles.size > 1 && { title: up.table, cell: (one) => <span className="cut" title={titles.get(one.table)}>{titles.get(one.table) ?? one.table}</span> },
    { title: words.via, width: 70, cell: (one) => viaWords[one.via] ?? one.via },
    { title: words.state, wrap: true, cell: (one) => <State batch={one} /> },
    { title: words.rowsLoaded, width: 80, right: true, cell: (one) => count(one.rows) },
    { title: words.rejected, width: 70, right: true, cell: (one) => <Rejected batch={one} /> },
    { title: words.size, width: 80, right: true, cell: (one) => bytes(one.bytes) },
    { title: words.receivedAt, width: 110, cell: (one) => <TimeAgo at={one.received_at} /> },
    { title: words.run, width: 80, cell: (one) => one.job && <Link to={`/runs/${one.job}`}>{words.watch}</Link> },
  ];
  return all.filter((column) => column !== false);
}

function State({ batch }: { batch: Delivery }) {
  return (
    <>
      <StateTag state={batch.state} />
      {batch.message && <small className="dim block">{batch.message}</small>}
    </>
  );
}

function Rejected({ batch }: { batch: Delivery }) {
  if (!batch.rejected) return <span className="dim">{batch.rejected ?? '—'}</span>;
  return (
    <Link className="red" to={`/sources/${batch.source}/quarantine/${batch.table}`}>
      {count(batch.rejected)}
    </Link>
  );
}
