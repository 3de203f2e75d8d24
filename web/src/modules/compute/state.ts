import type { Schemas } from '@/api/client';

/** A run that was asked to stop says so until it has stopped. */
export function shownState(job: Schemas['Job']): string {
  return job.cancel_requested && job.state === 'running' ? 'cancelling' : job.state;
}
