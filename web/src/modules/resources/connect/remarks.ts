import type { Schemas } from '@/api/client';
import { words } from './strings';

/** What of the rows that were looked at would be set aside, or cover each other. */
export function remarksOf(seen: Pick<Schemas['Seen'], 'columns' | 'rows' | 'rejects'>, key: string[]): string[] {
  const places = key.map((name) => seen.columns.indexOf(name)).filter((at) => at >= 0);
  const found = key.flatMap((name) => {
    const at = seen.columns.indexOf(name);
    const blank = at < 0 ? 0 : seen.rows.filter((row) => !row[at]?.trim()).length;
    return blank ? [words.remark.blankKey(name, blank)] : [];
  });
  const keys = seen.rows.map((row) => JSON.stringify(places.map((at) => row[at])));
  const doubled = keys.length - new Set(keys).size;
  if (places.length && doubled) found.push(words.remark.doubleKey(doubled));
  for (const one of seen.rejects.slice(0, 5) as { message: string }[]) {
    found.push(one.message);
  }
  return found;
}

export interface Unfit {
  column: string;
  text: string;
  why: string;
  examples: string;
}

/** Columns whose values do not fit the element that they were held to. */
export function unfitOf(seen: Schemas['Seen']): Unfit[] {
  return seen.verdicts
    .filter((one) => one.failed > 0)
    .map((one) => ({
      column: one.column,
      text: words.remark.unfit(one.column, one.rows, one.failed, one.title),
      why: words.remark.why(Object.entries(one.reasons)),
      examples: words.remark.examples(one.examples),
    }));
}
