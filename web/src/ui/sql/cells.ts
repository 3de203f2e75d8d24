import type { Answer } from '@/ui/AnswerTable';

const NARROW = 72;
const WIDE = 320;
const SAMPLE = 60;

export function isNumber(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|REAL|DECIMAL.*)$/.test(type);
}

export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}

/** Chinese characters are two wide. */
function room(text: string): number {
  let sum = 0;
  for (const one of text.slice(0, 60)) sum += one > '\u2e7f' ? 13 : 7.4;
  return sum;
}

/** The width of each column, from its head and its first rows. */
export function widthsOf(answer: Answer, titles: Record<string, string>): number[] {
  return answer.columns.map(([name = '', type = ''], at) => {
    const heads = [room(titles[name] ?? name), room(titles[name] ? `${name} · ${type}` : type) * 0.99];
    const cells = answer.rows.slice(0, SAMPLE).map((row) => room(cellText(row[at])));
    return Math.round(Math.min(WIDE, Math.max(NARROW, ...heads, ...cells) + 24));
  });
}
