import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { Answer } from '@/ui/AnswerTable';
import { EmptyState } from '@/ui/EmptyState';
import { count } from '@/ui/format';
import { cellText, isNumber, widthsOf } from './cells';
import { words } from './strings';
import './sql.css';

const ROW = 30;
const HEAD = 44;
const NUMBERS = 64;

interface Cell {
  row: number;
  column: number;
}

/** Any number of rows and columns: only the cells in sight are drawn. Arrows move, Ctrl+C copies. */
export function ResultGrid({ answer, titles, label }: { answer: Answer; titles: Record<string, string>; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [at, go] = useState<Cell>({ row: 0, column: 0 });
  const widths = useMemo(() => widthsOf(answer, titles), [answer, titles]);
  // The grid is long-lived and changes under us: react-virtual's own state is the truth here.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: answer.rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
    scrollPaddingStart: HEAD,
  });
  const columns = useVirtualizer({
    horizontal: true,
    count: answer.columns.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => widths[index] ?? 120,
    overscan: 3,
    scrollPaddingStart: NUMBERS,
  });
  if (!answer.rows.length) return <EmptyState title={words.empty} />;
  const move = (row: number, column: number) => {
    const next = {
      row: Math.max(0, Math.min(answer.rows.length - 1, row)),
      column: Math.max(0, Math.min(answer.columns.length - 1, column)),
    };
    go(next);
    rows.scrollToIndex(next.row);
    columns.scrollToIndex(next.column);
  };
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 300) / ROW) - 2);
    const step = steps(at, page, answer)[event.key];
    if (step) {
      event.preventDefault();
      move(step.row, step.column);
    } else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && !window.getSelection()?.toString()) {
      const copier = navigator.clipboard as Clipboard | undefined;
      void copier?.writeText(cellText(answer.rows[at.row]?.[at.column]));
    }
  };
  const shown = columns.getVirtualItems();
  const width = columns.getTotalSize() + NUMBERS;
  return (
    <div
      className="grid-box"
      ref={box}
      tabIndex={0}
      role="grid"
      aria-label={label}
      aria-rowcount={answer.rows.length + 1}
      aria-colcount={answer.columns.length}
      aria-activedescendant={`cell-${at.row}-${at.column}`}
      onKeyDown={press}
    >
      <div style={{ width, height: rows.getTotalSize() + HEAD, position: 'relative' }}>
        <div className="grid-head" role="row" style={{ width, height: HEAD }}>
          <div className="grid-number" role="columnheader" aria-label={words.row} />
          {shown.map((column) => (
            <Head key={column.key} column={answer.columns[column.index]} titles={titles} start={column.start} width={column.size} />
          ))}
        </div>
        {rows.getVirtualItems().map((row) => (
          <div
            key={row.key}
            className={row.index === at.row ? 'grid-row grid-row-on' : 'grid-row'}
            role="row"
            aria-rowindex={row.index + 2}
            style={{ width, height: ROW, transform: `translateY(${row.start + HEAD}px)` }}
          >
            <div className="grid-number" role="rowheader">
              {count(row.index + 1)}
            </div>
            {shown.map((column) => {
              const value = answer.rows[row.index]?.[column.index];
              const on = row.index === at.row && column.index === at.column;
              return (
                <div
                  key={column.key}
                  id={`cell-${row.index}-${column.index}`}
                  role="gridcell"
                  aria-selected={on}
                  className={cellClass(value, answer.columns[column.index]?.[1], on)}
                  style={{ left: column.start + NUMBERS, width: column.size }}
                  title={cellText(value)}
                  onClick={() => go({ row: row.index, column: column.index })}
                >
                  {value === null || value === undefined ? words.none : cellText(value).slice(0, 300)}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

function Head({ column, titles, start, width }: { column: string[] | undefined; titles: Record<string, string>; start: number; width: number }) {
  const [name = '', type = ''] = column ?? [];
  return (
    <div
      className={isNumber(type) ? 'grid-title grid-right' : 'grid-title'}
      role="columnheader"
      style={{ left: start + NUMBERS, width }}
      title={`${name} ${type}`}
    >
      <span>{titles[name] ?? name}</span>
      <small>{titles[name] ? `${name} · ${type}` : type}</small>
    </div>
  );
}

function cellClass(value: unknown, type: string | undefined, on: boolean): string {
  const names = ['grid-cell'];
  if (value === null || value === undefined) names.push('faint');
  if (isNumber(type ?? '')) names.push('grid-right');
  if (on) names.push('grid-on');
  return names.join(' ');
}

function steps({ row, column }: Cell, page: number, answer: Answer): Record<string, Cell | undefined> {
  const last = answer.columns.length - 1;
  return {
    ArrowDown: { row: row + 1, column },
    ArrowUp: { row: row - 1, column },
    ArrowRight: { row, column: column + 1 },
    ArrowLeft: { row, column: column - 1 },
    PageDown: { row: row + page, column },
    PageUp: { row: row - page, column },
    Home: { row, column: 0 },
    End: { row, column: last },
  };
}
