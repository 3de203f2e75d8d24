import { DataTable, type Column } from './DataTable';
import { EmptyState } from './EmptyState';
import { words } from './strings';

export interface Answer {
  columns: string[][];
  rows: unknown[][];
  truncated: boolean;
}

interface Row {
  cells: unknown[];
  at: number;
}

/** Rows as the door gave them: masked already. */
export function AnswerTable({ answer, titles, label }: { answer: Answer; titles: Record<string, string>; label: string }) {
  const columns: Column<Row>[] = answer.columns.map(([name = '', type = ''], at) => ({
    title: (
      <span className="two">
        {titles[name] ?? name}
        <small>{name}</small>
      </span>
    ),
    right: /INT|DOUBLE|DECIMAL|FLOAT/.test(type),
    cell: (row) => <Value value={row.cells[at]} />,
  }));
  const rows = answer.rows.map((cells, at) => ({ cells, at }));
  return (
    <>
      <DataTable
        label={label}
        rows={rows}
        columns={columns}
        rowKey={(row) => String(row.at)}
        empty={<EmptyState title={words.emptyAnswer} />}
        dense
      />
      {answer.truncated && <p className="dim">{words.truncated}</p>}
    </>
  );
}

function Value({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <span className="faint">{words.none}</span>;
  return <>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</>;
}
