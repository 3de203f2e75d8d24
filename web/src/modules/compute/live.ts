import type { Schemas } from '@/api/client';

type Job = Schemas['Job'];
type RunPage = Schemas['RunPage'];

export interface LiveRuns {
  active: Job[];
  ended: Job[];
  waiting: number;
  today: Record<string, number>;
}

export interface RunFilter {
  state?: string | undefined;
  kind?: string | undefined;
  subject?: string | undefined;
  agency?: string | undefined;
  batch?: string | undefined;
  text?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

function fits(job: Job, filter: RunFilter): boolean {
  return (
    (!filter.state || job.state === filter.state) &&
    (!filter.kind || job.kind === filter.kind) &&
    (!filter.subject || job.subject === filter.subject) &&
    (!filter.batch || job.batch === filter.batch)
  );
}

/**
 * What the stream told, laid over the pages that were loaded. Ids grow with time: a job older than
 * the last one loaded belongs to a page that was not asked for yet, and waits there.
 */
export function mergeLive(pages: RunPage[], live: LiveRuns | undefined, filter: RunFilter): Job[] {
  const found = new Map(pages.flatMap((page) => page.runs).map((job) => [job.id, job]));
  const last = pages.at(-1);
  const oldest = last?.next_before ? (last.runs.at(-1)?.id ?? '') : '';
  // Only the platform knows who owns a dataset, what a text finds and what a window holds.
  const told = Boolean(filter.agency || filter.text || filter.since || filter.until);
  for (const job of [...(live?.active ?? []), ...(live?.ended ?? [])]) {
    if (found.has(job.id) || (!told && job.id > oldest)) found.set(job.id, job);
  }
  return [...found.values()]
    .filter((job) => fits(job, filter))
    .sort((one, other) => (one.id < other.id ? 1 : -1));
}
