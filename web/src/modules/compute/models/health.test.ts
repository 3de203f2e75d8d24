import { describe, expect, it } from 'vitest';
import { byZone, healthOf, tookOf, typical } from './health';

const last = (state: string) => ({ run: 'r', state, started_at: null, ended_at: null, error: null });
const at = '2026-01-01T00:00:00Z';

describe('the health of a model', () => {
  it('says what works before what is wrong', () => {
    expect(healthOf({ last: last('running'), stale: '上游更新', updated_at: at })).toBe('active');
    expect(healthOf({ last: last('failed'), stale: '上游更新', updated_at: at })).toBe('failed');
    expect(healthOf({ last: last('done'), stale: '上游更新', updated_at: at })).toBe('stale');
    expect(healthOf({ last: null, stale: null, updated_at: null })).toBe('never');
    expect(healthOf({ last: last('done'), stale: null, updated_at: at })).toBe('fresh');
  });
});

it('zones stand as data walk', () => {
  const of = (zone: string, dataset: string) => ({ zone, dataset });
  const sorted = byZone([of('topic', 'a'), of('base', 'b'), of('theme', 'c'), of('base', 'a')]);
  expect(sorted.map((one) => one.zone + one.dataset)).toEqual(['basea', 'baseb', 'themec', 'topica']);
});

it('the typical time is not moved by one slow build', () => {
  expect(typical([100, 90, 5000])).toBe(100);
  expect(typical([])).toBeNull();
  expect(tookOf({ started_at: at, ended_at: null })).toBeNull();
});
