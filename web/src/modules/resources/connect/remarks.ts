import type { Schemas } from '@/api/client';
import { words } from './strings';

/** What of the rows that were looked at would be set aside, or cover each other. */
export function remarksOf(seen: Schemas['Seen'], key: string[]): string[] {
  const places = key.map((name) => seen.columns.indexOf(name)).filter((at) => at >= 0);
  const found = key.flatMap((name) => {
    const at = seen.columns.indexOf(name);
    const blank = at < 0 ? 0 : seen.rows.filter((row) => !row[at]?.trim()).length;
    return blank ? [words.remark.blankKey(name, blank)] : [];
  });
  const keys = seen.rows.map((row) => JSON.stringify(places.map((at) => row[at])));
  const doubled = keys.length - new Set(keys).size;
  if (places.length && doubled) found.push(words.remark.doubleKey(doubled));
  for (const one of seen.rejects.slice(0, 5) as { line: number | null; message: string }[]) {
    found.push(words.remark.reject(one.line, one.message));
  }
  return found;
}
