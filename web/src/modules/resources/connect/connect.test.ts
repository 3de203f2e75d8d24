import { describe, expect, it } from 'vitest';
import { finding } from '@/ui/finding';
import { remarksOf } from './remarks';
import { isFit, ruleOf } from './schedule';
import { blockOf, startValues, type Field, type Values } from './values';

const field = (name: string, more: Partial<Field>): Field => ({
  name, title: name, help: '', shape: 'text', required: false, basic: true, default: '', choices: [], fields: [], ...more,
});

describe('the block that is sent', () => {
  const fields = [
    field('host', { required: true, default: null }),
    field('port', { shape: 'integer', default: 5432 }),
    field('password', { shape: 'secret', default: null }),
    field('headers', { shape: 'pairs', default: {} }),
    field('auth', { shape: 'group', default: null, fields: [field('by', { shape: 'choice', default: 'none' })] }),
    field('tables', { shape: 'groups', required: true, default: null, fields: [field('path', {})] }),
  ];

  it('leaves out what is as by default, and names groups', () => {
    const values: Values = { ...startValues(fields), host: ' db ', port: '5433', headers: 'X-A=1\nX-B = 2' };
    (values.tables as Record<string, unknown>[])[0] = { '': 'renkou', path: '/r' };
    expect(blockOf(fields, values)).toEqual({
      block: { host: 'db', port: 5433, headers: { 'X-A': '1', 'X-B': '2' }, tables: { renkou: { path: '/r' } } },
      problems: {},
    });
  });

  it('says what is missing and what is no number', () => {
    const { problems } = blockOf(fields, { ...startValues(fields), port: 'x', headers: 'nothing' });
    expect(Object.keys(problems).sort()).toEqual(['headers', 'host', 'port']);
  });

  it('begins with what a draft says, never with a secret', () => {
    const values = startValues(fields, { host: 'h', port: 1, auth: { by: 'basic' }, tables: { t: { path: 'p' } }, password: 'no' });
    expect(values.password).toBe('');
    expect(blockOf(fields, values).block).toEqual({ host: 'h', port: 1, auth: { by: 'basic' }, tables: { t: { path: 'p' } } });
  });
});

describe('a schedule in plain words', () => {
  it('has a rule behind it', () => {
    expect(ruleOf({ by: 'daily', at: '01:20' })).toBe('20 1 * * *');
    expect(ruleOf({ by: 'weekly', at: '08:05', weekday: 1 })).toBe('5 8 * * 1');
    expect(ruleOf({ by: 'monthly', at: '00:00', day: 3 })).toBe('0 0 3 * *');
    expect(ruleOf({ by: 'hourly', minute: 10 })).toBe('10 * * * *');
    expect(ruleOf({ by: 'minutes', every: 15 })).toBe('every 15m');
    expect(ruleOf({ by: 'never' })).toBeNull();
  });

  it('is refused when it is none', () => {
    expect(isFit({ by: 'daily', at: '25:00' })).toBe(false);
    expect(isFit({ by: 'cron', rule: 'whenever' })).toBe(false);
    expect(isFit({ by: 'cron', rule: 'every 15m' })).toBe(true);
  });
});

it('remarks on keys that are empty or doubled, and on rows set aside', () => {
  const seen = { columns: ['id', 'v'], rows: [['1', 'a'], ['1', 'b'], [null, 'c']], rejects: [{ line: 5, column: null, message: '多一列' }] };
  expect(remarksOf(seen, ['id'])).toHaveLength(3);
  expect(remarksOf({ ...seen, rejects: [] }, ['id', 'v'])).toHaveLength(1);
  expect(remarksOf({ ...seen, rows: [['1', 'a']], rejects: [] }, ['id'])).toEqual([]);
});

it('of the agencies that hold what is typed, the one of which more was typed stands first', () => {
  const office = { value: 'zhengfu', label: '人民政府办公室', names: ['区政府办', '江南市临水区人民政府办公室', 'zhengfu'], initials: 'qzfb' };
  const affairs = { value: 'minzheng', label: '民政局', names: ['区民政局', '江南市临水区民政局', 'minzheng'], initials: 'qmzj' };
  expect(finding.filterSort(affairs, office, { searchValue: '民政' })).toBeLessThan(0);
  expect(finding.filterOption('民政', office)).toBe(true);
  expect(finding.filterOption('残联', office)).toBe(false);
});
