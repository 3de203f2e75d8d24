import type { Answer } from '@/ui/AnswerTable';
import { cellText, isNumber } from '@/ui/sql/cells';

export type Shape = 'bar' | 'line';

export interface Choice {
  shape: Shape;
  x: number;
  y: number[];
}

export const MOST_POINTS = 500;
const MOST_LINES = 3;

const isTime = (type: string) => /^(DATE|TIME)/.test(type);

export function numberColumns(answer: Answer): number[] {
  return answer.columns.flatMap(([, type = ''], at) => (isNumber(type) ? [at] : []));
}

/** What a person would draw first: time as a line, else words as bars, and the numbers over them. */
export function firstChoice(answer: Answer): Choice | null {
  if (!answer.rows.length) return null;
  const kinds = answer.columns.map(([, type = '']) => type);
  const numbers = numberColumns(answer);
  const time = kinds.findIndex(isTime);
  const text = kinds.findIndex((kind) => !isNumber(kind));
  const x = time >= 0 ? time : text >= 0 ? text : 0;
  const y = numbers.filter((at) => at !== x).slice(0, MOST_LINES);
  if (!y.length) return null;
  return { shape: time >= 0 || (text < 0 && answer.rows.length > 20) ? 'line' : 'bar', x, y };
}

/** Numbers beyond what a double holds come as text. */
function numberOf(value: unknown): number | null {
  if (value === null || value === undefined || value === '') return null;
  const found = Number(value);
  return Number.isFinite(found) ? found : null;
}

export interface Series {
  labels: string[];
  lines: { name: string; values: (number | null)[] }[];
  cut: boolean;
}

export function seriesOf(answer: Answer, choice: Choice): Series {
  const rows = answer.rows.slice(0, MOST_POINTS);
  return {
    labels: rows.map((row) => cellText(row[choice.x]) || '—'),
    lines: choice.y.map((at) => ({ name: answer.columns[at]?.[0] ?? '', values: rows.map((row) => numberOf(row[at])) })),
    cut: answer.rows.length > rows.length,
  };
}
