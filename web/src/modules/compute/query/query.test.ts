import { describe, expect, it } from 'vitest';
import { namesIn, namespaceOf } from '@/ui/sql/schema';
import { isNumber, widthsOf } from '@/ui/sql/cells';
import { firstChoice, MOST_POINTS, seriesOf } from './chart';
import { queryLink, sqlOf } from './hash';
import { remembered, type Past } from './history';

const answer = (columns: string[][], rows: unknown[][]) => ({ columns, rows, truncated: false });

describe('the chart that is drawn first', () => {
  it('is bars over words', () => {
    const found = answer([['town', 'VARCHAR'], ['n', 'BIGINT']], [['东港镇', 3]]);
    expect(firstChoice(found)).toEqual({ shape: 'bar', x: 0, y: [1] });
  });
  it('is a line over time', () => {
    const found = answer([['n', 'BIGINT'], ['day', 'DATE'], ['m', 'DOUBLE']], [[1, '2026-01-01', 2]]);
    expect(firstChoice(found)).toEqual({ shape: 'line', x: 1, y: [0, 2] });
  });
  it('is none without numbers or rows', () => {
    expect(firstChoice(answer([['a', 'VARCHAR']], [['x']]))).toBeNull();
    expect(firstChoice(answer([['a', 'VARCHAR'], ['n', 'BIGINT']], []))).toBeNull();
  });
  it('reads large numbers and empty ones', () => {
    const found = answer([['a', 'VARCHAR'], ['n', 'HUGEINT']], [['x', '9007199254740993'], [null, null]]);
    const series = seriesOf(found, { shape: 'bar', x: 0, y: [1] });
    expect(series.labels).toEqual(['x', '—']);
    expect(series.lines[0]?.values).toEqual([9007199254740992, null]);
  });
  it('is bounded and says so', () => {
    const rows = Array.from({ length: MOST_POINTS + 1 }, (_, n) => [String(n), n]);
    const series = seriesOf(answer([['a', 'VARCHAR'], ['n', 'BIGINT']], rows), { shape: 'bar', x: 0, y: [1] });
    expect([series.labels.length, series.cut]).toEqual([MOST_POINTS, true]);
  });
});

describe('a query in the address', () => {
  it('comes back as it was', () => {
    const sql = 'SELECT "姓名", 100 % 7\nFROM std.person -- #1 & more';
    expect(sqlOf(queryLink(sql).slice('/query'.length))).toBe(sql);
  });
  it('that is broken is none', () => {
    expect([sqlOf('#sql=%E4%'), sqlOf('#other'), sqlOf('')]).toEqual(['', '', '']);
  });
});

it('history keeps the newest of what is asked again, and not for ever', () => {
  const past = (sql: string): Past => ({ sql, at: '', rows: 1, ms: 1 });
  expect(remembered([past('a'), past('b')], past('b')).map((one) => one.sql)).toEqual(['b', 'a']);
  const many = Array.from({ length: 80 }, (_, n) => past(String(n))).reduce<Past[]>(remembered, []);
  expect([many.length, many[0]?.sql]).toEqual([50, '79']);
});

describe('completion', () => {
  it('knows the datasets that a text names', () => {
    expect(namesIn('SELECT * FROM std.person p JOIN Base . "house" h ON p.no = h.no')).toEqual(['base.house', 'std.person']);
    expect(namesIn('SELECT p.name')).toEqual([]);
  });
  it('offers zones, tables and columns with their titles', () => {
    const columns = [{ name: 'no', title: '编号', type: 'VARCHAR', masked: true }];
    const found = namespaceOf([{ name: 'std.person', title: '人口', columns }], '已脱敏');
    expect(found.std).toEqual({
      person: {
        self: { label: 'person', detail: '人口', type: 'type' },
        children: [{ label: 'no', detail: '编号 · 已脱敏', type: 'property' }],
      },
    });
  });
});

it('columns are as wide as what they hold, within bounds', () => {
  const found = answer([['a', 'INTEGER'], ['b', 'VARCHAR']], [[1, '很'.repeat(200)]]);
  expect(widthsOf(found, {})).toEqual([expect.any(Number), 320]);
  expect(['BIGINT', 'DECIMAL(18,2)', 'UINTEGER', 'HUGEINT'].every(isNumber)).toBe(true);
  expect(['INTERVAL', 'POINT', 'VARCHAR'].some(isNumber)).toBe(false);
});
