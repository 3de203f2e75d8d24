import { describe, expect, it } from 'vitest';
import { byAgency, graded } from './grouping';

const summary = (dataset: string, owner: string, total: number, failed: number) => ({
  dataset,
  title: dataset,
  owner,
  total,
  failed_rows: failed,
  rules: 3,
  rules_failed: failed ? 1 : 0,
  version: 1,
  job: 'j',
  at: '2026-01-01T00:00:00Z',
});

describe('quality', () => {
  const found = graded([
    summary('ods.a', 'x', 100, 0),
    summary('ods.b', 'x', 100, 10),
    summary('ods.c', 'y', 900, 90),
    summary('ods.d', 'z', 0, 0),
  ]);
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
