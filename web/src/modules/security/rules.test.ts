import { describe, expect, it } from 'vitest';
import { judge } from './rules';

const met = (fresh: string) => judge('operator', 'Old-2026', fresh).map((rule) => rule.met);

describe('rules of passwords', () => {
  it('accepts three classes and eight letters', () => {
    expect(met('Haina-2026')).toEqual([true, true, true, true]);
  });
  it('refuses short, plain, named and old ones', () => {
    expect(met('Ab1')[0]).toBe(false);
    expect(met('abcdefgh')[1]).toBe(false);
    expect(met('Operator-1')[2]).toBe(false);
    expect(met('Old-2026')[3]).toBe(false);
  });
});
