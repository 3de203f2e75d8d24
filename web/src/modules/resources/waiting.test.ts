import { describe, expect, it } from 'vitest';
import type { Schemas } from '@/api/client';
import { looks, owed, wantsLook } from './waiting';

const arrival = (source: string, state: Schemas['Arrival']['state'], arrived_at: string | null, more: Partial<Schemas['Arrival']> = {}) =>
  ({ rows: null, due_at: null, ...more, source, state, arrived_at }) as Schemas['Arrival'];
const batch = (table: string, number: string, state: string) => ({ table, number, state }) as Schemas['Delivery'];

describe('what waits', () => {
  it('is added up by source, with the last batch', () => {
    const of = looks(
      [
        { table: 'a', title: '', source: 's', agency: 'x', quarantined: 2, drifted: 0 },
        { table: 'b', title: '', source: 's', agency: 'x', quarantined: 1, drifted: 3 },
      ],
      [
        arrival('s', 'late', '2026-01-02T00:00:00+08:00', { rows: 5, due_at: '2026-01-03T00:00:00Z' }),
        arrival('s', 'arrived', '2026-01-01T20:00:00Z', { rows: 7, due_at: '2026-01-01T00:00:00Z' }),
        arrival('t', 'waiting', null),
      ],
    );
    expect(of('s')).toEqual({ quarantined: 3, drifted: 3, late: 1, short: 0, last: '2026-01-01T20:00:00Z', rows: 12, due: '2026-01-03T00:00:00Z' });
    expect(wantsLook(of('s'))).toBe(true);
    expect(wantsLook(of('t'))).toBe(false);
    expect(of('unknown').last).toBeNull();
  });
  it('forgets a refused batch once a later one came, and names one a table', () => {
    const found = owed([
      batch('a', '3', 'loaded'),
      batch('a', '2', 'refused'),
      batch('b', '2', 'refused'),
      batch('b', '1', 'refused'),
      batch('c', '2', 'duplicate'),
      batch('c', '1', 'refused'),
    ]);
    expect(found.map((one) => one.table + one.number)).toEqual(['b2', 'c1']);
  });
});
