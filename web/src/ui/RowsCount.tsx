import { count } from './format';
import { words } from './strings';

export function RowsCount({ rows }: { rows: number | null | undefined }) {
  if (rows === null || rows === undefined) return <span className="dim">{words.none}</span>;
  return <span className="number">{count(rows)}</span>;
}
