import { describe, expect, it } from 'vitest';
import { layOut, planOf } from './steps';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const step = (from: number, to: number | null, kept = false) =>
  ({ state: to === null ? 'running' : 'done', started_at: at(from), ended_at: to === null ? null : at(to), kept }) as const;

describe('the bars of steps', () => {
  it('share the time that was worked, without the pauses', () => {
    const bars = layOut([step(0, 1), step(40, 43)], 0);
    expect(bars.map(({ left, width }) => [left, width])).toEqual([
      [0, 25],
      [25, 75],
    ]);
  });
  it('grow with the clock', () => {
    const now = new Date(at(4)).getTime();
    expect(layOut([step(0, 1), step(1, null)], now)[1]).toEqual({ left: 25, width: 75, ms: 3000 });
  });
  it('of no time at all are none', () => {
    expect(layOut([step(0, 0)], 0)).toEqual([{ left: 0, width: 0, ms: 0 }]);
  });
});

it('a retry keeps what is adopted and says what it computes again', () => {
  expect(planOf(step(0, 1, true))).toBe('keep');
  expect(planOf(step(0, 1))).toBe('again');
  expect(planOf(step(0, null, true))).toBe('here');
});
