import { Popover } from 'antd';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Facts } from '@/ui/Facts';
import { count, moment } from '@/ui/format';
import { RowsCount } from '@/ui/RowsCount';
import { modeWords, words } from './strings';

type LoadOf = Schemas['Load'];

/** Each batch of a table, newest first: what came, what it changed, and whether it agrees. */
export function LoadsTable({ loads, label }: { loads: LoadOf[]; label: string }) {
  return (
    <DataTable
      label={label}
      rows={loads}
      rowKey={(one) => one.job}
      empty={<EmptyState title={words.noLoads} text={words.noLoadsText} />}
      columns={[
        { title: words.when, width: 165, cell: (one) => moment(one.at) },
        { title: words.mode, width: 70, cell: (one) => <Mode load={one} /> },
        { title: words.balanceOf.source_rows, width: 90, right: true, cell: (one) => <RowsCount rows={one.source_rows} /> },
        { title: words.balanceOf.in_lake, width: 90, right: true, cell: (one) => <RowsCount rows={one.rows} /> },
        { title: words.mendedHere, width: 80, right: true, cell: (one) => <Few rows={one.mended} /> },
        { title: words.rejected, width: 70, right: true, cell: (one) => <Few rows={one.rejected} red /> },
        { title: words.changes, cell: (one) => <Changes changes={one.changes} /> },
        { title: words.statement, width: 150, cell: (one) => <Statement found={one.statement} /> },
        { title: words.agrees, width: 70, cell: (one) => <Agrees load={one} /> },
        { title: words.run, width: 80, cell: (one) => <Link to={`/runs/${one.job}`}>{words.watchRun}</Link> },
      ]}
    />
  );
}

function Mode({ load }: { load: LoadOf }) {
  return (
    <span className={load.slices > 1 ? 'two' : undefined}>
      {modeWords[load.mode] ?? load.mode}
      {load.slices > 1 && <small>{words.slices(load.slices)}</small>}
    </span>
  );
}

function Few({ rows, red }: { rows: number; red?: boolean }) {
  if (!rows) return <span className="dim">0</span>;
  return <span className={red ? 'red' : undefined}>{count(rows)}</span>;
}

const kinds = ['inserted', 'updated', 'deleted'] as const;

function Changes({ changes }: { changes: LoadOf['changes'] }) {
  const found = kinds.filter((kind) => changes?.[kind] !== undefined);
  if (!found.length) return <span className="faint">—</span>;
  return <>{found.map((kind) => `${words.changeOf[kind]} ${count(changes?.[kind])}`).join(' · ')}</>;
}

/** What the agency stated of the batch. */
function Statement({ found }: { found: LoadOf['statement'] }) {
  if (!found) return <span className="dim">{words.noStatement}</span>;
  const rows = typeof found.rows === 'number' ? words.statedRows(found.rows) : '';
  return (
    <span className={found.agrees ? 'green' : 'red'} title={typeof found.number === 'string' ? found.number : undefined}>
      {found.agrees ? words.agree : words.disagree}
      {rows && <span className="dim"> {rows}</span>}
    </span>
  );
}

function Agrees({ load }: { load: LoadOf }) {
  const card = (
    <div className="origin">
      <Facts
        facts={[
          [words.sourceHash, <code key="s">{load.source_hash || '—'}</code>],
          [words.lakeHash, <code key="l">{load.lake_hash || '—'}</code>],
          load.watermark_to ? [words.watermark, `${load.watermark_from ?? '—'} → ${load.watermark_to}`] : null,
        ]}
      />
      <p className="dim">{words.agreesHow}</p>
    </div>
  );
  return (
    <Popover trigger="click" content={card}>
      <button className={load.agrees ? 'green' : 'red'}>{load.agrees ? words.agree : words.disagree}</button>
    </Popover>
  );
}
