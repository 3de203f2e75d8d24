import { Button } from 'antd';
import type { KeyboardEvent, ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { words } from './strings';
import { useFirst } from './useFirst';

export interface Column<T> {
  title: ReactNode;
  width?: number;
  right?: boolean;
  wrap?: boolean;
  cell: (row: T) => ReactNode;
}

interface Props<T> {
  label: string;
  rows: T[];
  columns: Column<T>[];
  rowKey: (row: T) => string;
  /** Where Enter on a row leads; the row's own link stays the way of the mouse. */
  to?: (row: T) => string;
  more?: { load: () => void; loading: boolean } | null;
  empty?: ReactNode;
  dense?: boolean;
}

/** Rows of 40 px; arrows move, Enter opens. It scrolls inside itself, never the page. Of many rows the
 * first are drawn, and more when asked; where they come page by page, `more` says how. */
export function DataTable<T>({ label, rows: all, columns, rowKey, to, more: given, empty, dense }: Props<T>) {
  const first = useFirst(all);
  const { rows, more } = given === undefined ? first : { rows: all, more: given };
  const press = useRowKeys(rows, to);
  if (!rows.length && empty) return <>{empty}</>;
  return (
    <div className="table-box">
      <table className={dense ? 'table table-dense' : 'table'} aria-label={label}>
        <colgroup>
          {columns.map((column, index) => (
            <col key={index} style={column.width ? { width: column.width } : undefined} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={index} className={column.right ? 'right' : undefined} scope="col">
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={press}>
          {rows.map((row, index) => (
            <tr key={rowKey(row)} tabIndex={index === 0 ? 0 : -1}>
              {columns.map((column, at) => (
                <td key={at} className={cellClass(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {more && (
        <div className="table-more">
          <Button onClick={more.load} loading={more.loading}>
            {words.more}
          </Button>
        </div>
      )}
    </div>
  );
}

function cellClass<T>(column: Column<T>): string | undefined {
  if (column.right) return 'right';
  return column.wrap ? 'wrap' : undefined;
}

function useRowKeys<T>(rows: T[], to?: (row: T) => string) {
  const navigate = useNavigate();
  return (event: KeyboardEvent<HTMLTableSectionElement>) => {
    const line = (event.target as HTMLElement).closest('tr');
    if (!line || line !== event.target) return;
    const next = { ArrowDown: line.nextElementSibling, ArrowUp: line.previousElementSibling }[event.key];
    if (next instanceof HTMLElement) {
      event.preventDefault();
      next.focus();
    }
    const row = rows[Array.from(line.parentElement?.children ?? []).indexOf(line)];
    if (event.key === 'Enter' && to && row) void navigate(to(row));
  };
}
