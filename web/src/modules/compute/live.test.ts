import { describe, expect, it } from 'vitest';
import type { Schemas } from '@/api/client';
import { mergeLive, type LiveRuns } from './live';

type Job = Schemas['Job'];

const job = (id: string, state: Job['state'] = 'done', kind = 'collect.load') =>
  ({ id, state, kind, subject: null }) as unknown as Job;
const page = (runs: Job[], next: string | null = null) => ({ runs, next_before: next, today: {} });
const live = (active: Job[], ended: Job[] = []): LiveRuns => ({ active, ended, waiting: 0, today: {} });
const ids = (jobs: Job[]) => jobs.map((one) => `${one.id}:${one.state}`);

describe('live runs', () => {
  it('adds new ones on top and changes known ones in place', () => {
    const shown = mergeLive([page([job('b', 'running'), job('a')])], live([job('c', 'queued')], [job('b')]), {});
    expect(ids(shown)).toEqual(['c:queued', 'b:done', 'a:done']);
  });
  it('drops what no longer fits the filter', () => {
    const shown = mergeLive([page([job('b', 'running')])], live([], [job('b')]), { state: 'running' });
    expect(shown).toEqual([]);
  });
  it('leaves no gap: older ones wait for their page', () => {
    const shown = mergeLive([page([job('m'), job('k')], 'k')], live([job('a', 'queued')]), {});
    expect(ids(shown)).toEqual(['m:done', 'k:done']);
  });
});
