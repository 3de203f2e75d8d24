import { Button, Checkbox } from 'antd';
import { memo, useCallback, useEffect, useMemo, useRef, type ClipboardEvent, type Dispatch, type KeyboardEvent, type SetStateAction } from 'react';
import { agreed, isGuessed, pasted, shown, widthOf, withCell, wrongColumn, type Edits, type Row } from './mending';
import { words } from './strings';

interface Props {
  rows: Row[];
  columns: string[];
  keys: string[];
  edits: Edits;
  change: (make: (edits: Edits) => Edits) => void;
  selected: ReadonlySet<number>;
  select: Dispatch<SetStateAction<ReadonlySet<number>>>;
  /** The cell that the platform refused. */
  trouble: { id: number; column: string } | null;
}

export const lineOf = (row: Row) => words.lineName(row.line, row.id);

/** Rows to be mended, a cell each column. Tab and Enter move, Escape gives a cell its text back. */
export function Grid({ rows, columns, keys, edits, change, selected, select, trouble }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const widths = useMemo(() => columns.map((column) => widthOf(column, rows)), [columns, rows]);
  useFirstWrong(box, rows, trouble);
  const toggle = useCallback(
    (id: number) =>
      select((old) => {
        const next = new Set(old);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    [select],
  );
  const all = rows.length > 0 && rows.every((row) => selected.has(row.id));
  return (
    <div className="grid-box" ref={box}>
      <table className="grid" aria-label={words.grid}>
        <thead>
          <tr>
            <th className="grid-pick" scope="col">
              <Checkbox
                aria-label={words.selectAll}
                checked={all}
                indeterminate={!all && rows.some((row) => selected.has(row.id))}
                onChange={() => select(new Set(all ? [] : rows.map((row) => row.id)))}
              />
            </th>
            <th className="grid-line right" scope="col">
              {words.line}
            </th>
            <th className="grid-why" scope="col">
              {words.reason}
            </th>
            {columns.map((column, at) => (
              <th key={column} scope="col" style={{ minWidth: `${(widths[at] ?? 10) / 2 + 2.6}em` }}>
                {column}
                {keys.includes(column) && <span className="tag tag-blue grid-key">{words.key}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={(event) => move(event, rows, change)} onPaste={(event) => paste(event, rows, columns, change)}>
          {rows.map((row) => (
            <Line
              key={row.id}
              row={row}
              columns={columns}
              keys={keys}
              cells={edits[row.id]?.cells}
              picked={selected.has(row.id)}
              refused={trouble?.id === row.id ? trouble.column : null}
              change={change}
              toggle={toggle}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface LineProps {
  row: Row;
  columns: string[];
  keys: string[];
  cells: Readonly<Record<string, string>> | undefined;
  picked: boolean;
  refused: string | null;
  change: Props['change'];
  toggle: (id: number) => void;
}

const Line = memo(
  function Line({ row, columns, keys, cells, picked, refused, change, toggle }: LineProps) {
    const wrong = wrongColumn(row, columns, keys);
    const line = lineOf(row);
    return (
      <tr className={picked ? 'grid-picked' : undefined}>
        <td className="grid-pick">
          <Checkbox aria-label={words.select(line)} checked={picked} onChange={() => toggle(row.id)} />
        </td>
        <td className="grid-line right">{row.line ?? <span className="dim">#{row.id}</span>}</td>
        <td className="grid-why">
          <Why row={row} agree={isGuessed(row) && !cells ? () => change((edits) => agreed(edits, row)) : null} />
        </td>
        {columns.map((column) => (
          <Cell
            key={column}
            row={row}
            column={column}
            name={words.cell(line, column)}
            text={cells?.[column] ?? shown(row, column)}
            changed={cells?.[column] !== undefined}
            wrong={column === refused || column === row.column}
            first={column === (refused ?? wrong)}
            change={change}
          />
        ))}
      </tr>
    );
  },
  (old, now) =>
    old.row === now.row &&
    old.cells === now.cells &&
    old.picked === now.picked &&
    old.refused === now.refused &&
    old.columns === now.columns &&
    old.toggle === now.toggle,
);

/** Why it was set aside; of a row that could not be told apart also its text, and what is guessed of it. */
function Why({ row, agree }: { row: Row; agree: (() => void) | null }) {
  return (
    <>
      <span>{row.message}</span>
      {row.values === null && (
        <>
          <code className="grid-raw">{row.raw}</code>
          <small className="dim">{row.guess?.note ?? words.untold}</small>
          {agree && (
            <Button size="small" aria-label={words.agreeTo(lineOf(row))} onClick={agree}>
              {words.agree}
            </Button>
          )}
        </>
      )}
    </>
  );
}

interface CellProps {
  row: Row;
  column: string;
  name: string;
  text: string;
  changed: boolean;
  wrong: boolean;
  first: boolean;
  change: Props['change'];
}

function Cell({ row, column, name, text, changed, wrong, first, change }: CellProps) {
  const state = changed ? 'grid-cell grid-changed' : wrong ? 'grid-cell grid-wrong' : 'grid-cell';
  const common = {
    'aria-label': name,
    'aria-invalid': wrong && !changed,
    'data-row': row.id,
    'data-column': column,
    ...(first ? { 'data-first': true } : {}),
    title: changed ? words.was(shown(row, column)) : text || undefined,
    value: text,
    placeholder: words.empty,
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => change((edits) => withCell(edits, row, column, event.target.value)),
  };
  // A one-line box would drop the line breaks of a text that has them.
  return <td className={state}>{text.includes('\n') ? <textarea rows={1} {...common} /> : <input {...common} />}</td>;
}

type Field = HTMLInputElement | HTMLTextAreaElement;
const fieldOf = (target: EventTarget): Field | null =>
  target instanceof HTMLElement && target.dataset.column !== undefined ? (target as Field) : null;

function move(event: KeyboardEvent, rows: Row[], change: Props['change']): void {
  const field = fieldOf(event.target);
  if (!field || event.nativeEvent.isComposing) return;
  const { key, shiftKey } = event;
  if (key === 'Escape') {
    const row = rows.find((one) => String(one.id) === field.dataset.row);
    const column = field.dataset.column ?? '';
    if (row) change((edits) => withCell(edits, row, column, shown(row, column)));
    return;
  }
  const down = key === 'ArrowDown' || (key === 'Enter' && !shiftKey);
  const up = key === 'ArrowUp' || (key === 'Enter' && shiftKey);
  if (!down && !up) return;
  event.preventDefault();
  const line = field.closest('tr');
  const next = down ? line?.nextElementSibling : line?.previousElementSibling;
  const other = next?.querySelectorAll<Field>('[data-column]')[place(field, line)];
  other?.focus();
  other?.select();
}

/** One cell is pasted as ever; several, as a spreadsheet copies them, go over the cells around. */
function paste(event: ClipboardEvent, rows: Row[], columns: string[], change: Props['change']): void {
  const field = fieldOf(event.target);
  const text = event.clipboardData.getData('text/plain');
  const several = text.includes('\t') || (text.includes('\n') && field instanceof HTMLInputElement);
  if (!field || !several) return;
  event.preventDefault();
  const row = rows.findIndex((one) => String(one.id) === field.dataset.row);
  change((edits) => pasted(edits, rows, columns, { row, column: columns.indexOf(field.dataset.column ?? '') }, text));
}

function place(field: Field, line: Element | null): number {
  return Array.from(line?.querySelectorAll('[data-column]') ?? []).indexOf(field);
}

/** The eye and the keyboard begin at what is wrong; a refused cell takes them too. */
function useFirstWrong(box: { current: HTMLDivElement | null }, rows: Row[], trouble: Props['trouble']): void {
  const seen = useRef<Row[] | null>(null);
  useEffect(() => {
    const idle = document.activeElement === document.body || document.activeElement === null;
    const fresh = seen.current === null && rows.length > 0;
    if (fresh) seen.current = rows;
    if (fresh && idle) box.current?.querySelector<Field>('[data-first]')?.focus({ preventScroll: true });
  }, [box, rows]);
  useEffect(() => {
    if (!trouble) return;
    const name = CSS.escape(trouble.column);
    box.current?.querySelector<Field>(`[data-row="${trouble.id}"][data-column="${name}"]`)?.focus();
  }, [box, trouble]);
}
