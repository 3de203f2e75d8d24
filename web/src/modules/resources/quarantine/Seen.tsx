import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { moment } from '@/ui/format';
import { shown, type Row } from './mending';
import type { State } from './queries';
import { words } from './strings';

/** Rows as they are: for those who may not mend them, and for those that are decided. */
export function Seen({ rows, state, states }: { rows: Row[]; state: State; states: Record<string, number> }) {
  return (
    <DataTable
      label={words.states[state]}
      rows={rows}
      rowKey={(row) => String(row.id)}
      columns={columnsOf(state)}
      empty={<Nothing state={state} states={states} />}
    />
  );
}

/** The list may be emptier than the counts for a moment: "nothing left" is said when both agree. */
function Nothing({ state, states }: { state: State; states: Record<string, number> }) {
  if (state !== 'open' || states.open) return <EmptyState title={words.noneOf} text={words.noneOfText} />;
  if (states.resent) return <EmptyState title={words.allMoving} text={words.allMovingText} />;
  return <EmptyState title={words.none} text={words.noneText} />;
}

function columnsOf(state: State): Column<Row>[] {
  const decided = state === 'mended' || state === 'dismissed' || state === 'resent';
  const all: (Column<Row> | false)[] = [
    { title: words.line, width: 72, right: true, cell: (row) => row.line ?? <span className="dim">#{row.id}</span> },
    { title: words.column, width: 120, cell: (row) => (row.column ? <code>{row.column}</code> : <span className="faint">—</span>) },
    { title: words.reason, width: 220, wrap: true, cell: (row) => row.message },
    { title: words.raw, wrap: true, cell: (row) => <code className="dim">{row.raw}</code> },
    (state === 'mended' || state === 'resent') && { title: words.mended, wrap: true, cell: (row) => <Changes row={row} /> },
    decided && { title: words.by, width: 100, cell: (row) => row.decided_by },
    { title: words.at, width: 170, cell: (row) => moment(row.at) },
  ];
  return all.filter((column) => column !== false);
}

/** What people put in place of what the source sent. */
function Changes({ row }: { row: Row }) {
  const changed = Object.keys(row.mended ?? {}).filter((column) => shown(row, column) !== (row.values?.[column] ?? ''));
  return (
    <ul>
      {changed.map((column) => (
        <li key={column}>
          <span className="dim">{column}:</span> {shown(row, column) || words.empty}
        </li>
      ))}
    </ul>
  );
}
