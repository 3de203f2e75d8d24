import type { Schemas } from '@/api/client';

export type Row = Schemas['Quarantined'];
export type Mend = Schemas['MendIn'];

/** What was typed into one row: column → text. Only cells that differ from what was shown. */
export interface Edit {
  row: Row;
  cells: Readonly<Record<string, string>>;
}

/** By the number of the row; rows of other pages stay in it. */
export type Edits = Readonly<Record<number, Edit>>;

/**
 * What a cell shows before anyone types: what people last put there, else what the source sent,
 * else what the platform guesses of a row whose columns could not be told apart.
 */
export function shown(row: Row, column: string): string {
  return (row.mended ?? row.values ?? row.guess?.values)?.[column] ?? '';
}

/** Whether the cells are a guess that nobody has agreed to yet. */
export const isGuessed = (row: Row) => row.values === null && row.mended === null && Object.keys(row.guess?.values ?? {}).length > 0;

/** The guess is right: the row is to be sent as it stands. */
export function agreed(edits: Edits, row: Row): Edits {
  return { ...edits, [row.id]: edits[row.id] ?? { row, cells: {} } };
}

export function current(row: Row, column: string, edits: Edits): string {
  return edits[row.id]?.cells[column] ?? shown(row, column);
}

/** A cell that is typed back to what it was is no change, and a row without changes is none. */
export function withCell(edits: Edits, row: Row, column: string, text: string): Edits {
  const cells = { ...edits[row.id]?.cells };
  if (text === shown(row, column)) Reflect.deleteProperty(cells, column);
  else cells[column] = text;
  if (Object.keys(cells).length) return { ...edits, [row.id]: { row, cells } };
  return without(edits, [row.id]);
}

/** Cells copied from a spreadsheet, laid over the grid from one cell on; what falls outside is left. */
export function pasted(edits: Edits, rows: Row[], columns: string[], at: { row: number; column: number }, text: string): Edits {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  return lines.reduce((all, line, down) => {
    const row = rows[at.row + down];
    return line.split('\t').reduce((now, cell, right) => {
      const column = columns[at.column + right];
      return row && column !== undefined ? withCell(now, row, column, cell) : now;
    }, all);
  }, edits);
}

export function without(edits: Edits, ids: Iterable<number>): Edits {
  const gone = new Set(ids);
  return Object.fromEntries(Object.entries(edits).filter(([id]) => !gone.has(Number(id))));
}

/**
 * What is sent of the rows that were changed. The platform lays it over what the source sent, so
 * all that differs from that goes along, also what was typed at an earlier try. An empty cell is
 * NULL. Where the source's columns cannot be told apart, all columns are sent.
 */
export function mendsOf(edits: Edits, columns: string[]): Mend[] {
  return Object.values(edits).map(({ row }) => ({
    id: row.id,
    values: Object.fromEntries(
      columns
        .filter((column) => row.values === null || current(row, column, edits) !== (row.values[column] ?? ''))
        .map((column) => [column, current(row, column, edits) || null]),
    ),
  }));
}

/** The cell that an error of the platform speaks of: its field is `<row>.<column>`. */
export function cellOf(field: string | null): { id: number; column: string } | null {
  const found = /^(\d+)\.(.+)$/s.exec(field ?? '');
  return found ? { id: Number(found[1]), column: found[2] ?? '' } : null;
}

/** The column to begin with: the wrong one, else the first key that is empty, else the first. */
export function wrongColumn(row: Row, columns: string[], key: string[]): string | undefined {
  if (row.column !== null && columns.includes(row.column)) return row.column;
  return key.find((column) => !shown(row, column)) ?? columns[0];
}

const WIDE = /[^\u0000-\u02ff]/g;

/** How wide a text stands, in half widths. */
export function spread(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}

/** A column is as wide as its longest text, within reason; in half widths. */
export function widthOf(column: string, rows: Row[]): number {
  const longest = Math.max(spread(column), ...rows.map((row) => spread(shown(row, column))));
  return Math.min(36, Math.max(10, longest + 2));
}
