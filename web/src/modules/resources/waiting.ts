import type { Schemas } from '@/api/client';

type Arrival = Schemas['Arrival'];
type Delivery = Schemas['Delivery'];
type Waiting = Schemas['Waiting'];

/** What a source has that wants a look, and when its last batch came. */
export interface Look {
  quarantined: number;
  drifted: number;
  late: number;
  short: number;
  last: string | null;
  /** Rows of the last batch of all its tables; null before the first. */
  rows: number | null;
  /** The next batch that is due. */
  due: string | null;
}

const none: Look = { quarantined: 0, drifted: 0, late: 0, short: 0, last: null, rows: null, due: null };

export const wantsLook = (look: Look) => look.quarantined + look.drifted + look.late + look.short > 0;

/** By source. */
export function looks(waiting: Waiting[], arrivals: Arrival[]): (source: string) => Look {
  const found = new Map<string, Look>();
  const add = (source: string, change: (old: Look) => Look) => found.set(source, change(found.get(source) ?? none));
  for (const one of waiting) {
    add(one.source, (old) => ({
      ...old,
      quarantined: old.quarantined + one.quarantined,
      drifted: old.drifted + one.drifted,
    }));
  }
  for (const one of arrivals) {
    add(one.source, (old) => ({
      ...old,
      late: old.late + Number(one.state === 'late'),
      short: old.short + Number(one.state === 'short'),
      last: later(old.last, one.arrived_at),
      rows: one.rows === null ? old.rows : (old.rows ?? 0) + one.rows,
      due: one.state === 'waiting' || one.state === 'late' ? earlier(old.due, one.due_at) : old.due,
    }));
  }
  return (source) => found.get(source) ?? none;
}

function earlier(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return Date.parse(one) <= Date.parse(other) ? one : other;
}

function later(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return Date.parse(one) >= Date.parse(other) ? one : other;
}

/** Refused batches that nothing has come after: the agency still owes them. Newest first, as given. */
export function owed(deliveries: Delivery[]): Delivery[] {
  const better = new Set<string>();
  return deliveries.filter((one) => {
    if (one.state === 'loaded' || one.state === 'received') better.add(one.table);
    if (one.state !== 'refused' || better.has(one.table)) return false;
    better.add(one.table);
    return true;
  });
}
