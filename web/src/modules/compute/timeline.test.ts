import { describe, expect, it } from 'vitest';
import { around, moved, place, stagesOf, ticks, type Block, type Row } from './timeline';

const at = (text: string) => new Date(`2026-03-01T${text}+08:00`).getTime();
const iso = (text: string) => new Date(at(text)).toISOString();
const span = { from: at('08:00:00'), to: at('10:00:00') };

describe('the place of a bar', () => {
  it('is its part of the window', () => {
    expect(place(span, iso('08:30:00'), iso('09:00:00'), at('10:00:00'))).toEqual({ left: 25, width: 25 });
  });
  it('is cut at the edges of the window', () => {
    expect(place(span, iso('07:00:00'), iso('11:00:00'), at('11:00:00'))).toEqual({ left: 0, width: 100 });
  });
  it('grows with the clock while it runs', () => {
    expect(place(span, iso('09:00:00'), null, at('09:30:00')).width).toBe(25);
    expect(place(span, iso('09:00:00'), null, at('09:36:00')).width).toBe(30);
  });
  it('is never negative when clocks differ', () => {
    expect(place(span, iso('09:00:00'), null, at('08:59:58')).width).toBe(0);
  });
});

describe('ticks', () => {
  it('stand at round moments of the platform', () => {
    expect(ticks(span).map((one) => one.label)).toEqual(['08:00', '08:30', '09:00', '09:30']);
    expect(ticks({ from: at('08:07:00'), to: at('08:09:00') }).map((one) => one.label)).toContain('08:07:30');
  });
  it('name the day at midnight', () => {
    const week = { from: at('12:00:00') - 7 * 86_400_000, to: at('12:00:00') };
    expect(ticks(week).map((one) => one.label)).toEqual(['02-23', '02-24', '02-25', '02-26', '02-27', '02-28', '03-01']);
  });
  it('are few for any window', () => {
    for (const length of [10, 47, 333, 5000, 86_400, 31 * 86_400]) {
      expect(ticks({ from: span.from, to: span.from + length * 1000 }).length).toBeLessThanOrEqual(9);
    }
  });
});

describe('stages', () => {
  const row = (kind: string) => ({ kind }) as Row;
  it('go as the data walk, the unknown last', () => {
    const found = stagesOf([row('lake.tidy'), row('gateway.serve'), row('collect.mend'), row('collect.load'), row('a.new')]);
    expect(found.map((one) => [one.stage, one.rows.map((r) => r.kind)])).toEqual([
      ['collect', ['collect.load', 'collect.mend']],
      ['serve', ['gateway.serve']],
      ['platform', ['a.new', 'lake.tidy']],
    ]);
  });
});

describe('windows', () => {
  it('of a block hold all of it', () => {
    const block = { started_at: iso('08:00:00'), ended_at: iso('08:02:00') } as Block;
    const found = around(block, at('10:00:00'));
    const until = new Date(found.until).getTime();
    expect(until).toBeGreaterThan(at('08:02:00'));
    expect(until - found.span * 1000).toBeLessThan(at('08:00:00'));
  });
  it('that reach the present follow it again', () => {
    const now = at('10:00:00');
    const back = moved(3600, '', -1, now);
    expect(back).toBe(iso('09:30:00'));
    expect(moved(3600, back, 1, now)).toBe('');
  });
});
