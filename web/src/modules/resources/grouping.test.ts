import { describe, expect, it } from 'vitest';
import { byAgency, graded } from './grouping';

const summary = (dataset: string, total: number, failed: number) => ({
  dataset,
  total,
  failed_rows: failed,
  rules: 3,
  rules_failed: failed ? 1 : 0,
  version: 1,
  job: 'j',
  at: '2026-01-01T00:00:00Z',
});
const state = (name: string, owner: string) => ({ name, owner, title: name, zone: 'ods', rows: 1, updated_at: null, version: 1 });

describe('quality', () => {
  const found = graded(
    [summary('ods.a', 100, 0), summary('ods.b', 100, 10), summary('ods.c', 900, 90), summary('ods.d', 0, 0)],
    [state('ods.a', 'x'), state('ods.b', 'x'), state('ods.c', 'y'), state('ods.d', 'z')],
  );
  it('puts the worst first and what was never checked last', () => {
    expect(found.map((one) => one.dataset)).toEqual(['ods.b', 'ods.c', 'ods.a', 'ods.d']);
  });
  it('weighs an agency by its rows', () => {
    const agencies = byAgency(found);
    expect(agencies.map((one) => one.agency)).toEqual(['y', 'x', 'z']);
    expect(agencies[1]?.good).toBeCloseTo(0.95);
    expect(agencies[2]?.good).toBeNull();
  });
});
