import type { Schemas } from '@/api/client';
import type { Health } from './strings';

type Model = Pick<Schemas['ModelView'], 'last' | 'stale' | 'updated_at'>;

/** One word for a model: what works now first, then what is wrong, then what waits. */
export function healthOf({ last, stale, updated_at }: Model): Health {
  if (last?.state === 'running' || last?.state === 'queued') return 'active';
  if (last?.state === 'failed') return 'failed';
  if (updated_at === null) return 'never';
  return stale ? 'stale' : 'fresh';
}

const ORDER = ['base', 'theme', 'topic'];

/** By zone as data walk, then by name. */
export function byZone<T extends { zone: string; dataset: string }>(models: T[]): T[] {
  const place = (zone: string) => (ORDER.includes(zone) ? ORDER.indexOf(zone) : ORDER.length);
  return [...models].sort((one, other) => place(one.zone) - place(other.zone) || (one.dataset < other.dataset ? -1 : 1));
}

export interface Build {
  started_at: string | null;
  ended_at: string | null;
}

export function tookOf(build: Build): number | null {
  if (!build.started_at || !build.ended_at) return null;
  return new Date(build.ended_at).getTime() - new Date(build.started_at).getTime();
}

/** The middle one of the times: a single slow build does not move it. */
export function typical(times: number[]): number | null {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
