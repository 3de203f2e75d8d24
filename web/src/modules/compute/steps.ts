import type { Schemas } from '@/api/client';

type Step = Pick<Schemas['Step'], 'state' | 'started_at' | 'ended_at' | 'kept'>;

export interface StepBar {
  left: number;
  width: number;
  ms: number;
}

/** Each step after the ones before it, by the time that it worked; pauses between tries are no work. */
export function layOut(steps: Step[], now: number): StepBar[] {
  const lengths = steps.map((step) => {
    const end = step.ended_at ? new Date(step.ended_at).getTime() : now;
    return Math.max(0, end - new Date(step.started_at).getTime());
  });
  const whole = Math.max(1, lengths.reduce((sum, one) => sum + one, 0));
  let before = 0;
  return lengths.map((ms) => {
    const bar = { left: (before / whole) * 100, width: (ms / whole) * 100, ms };
    before += ms;
    return bar;
  });
}

/** What a retry does with a step: keeps it, computes it again, or begins with it. */
export function planOf(step: Step): 'keep' | 'again' | 'here' {
  if (step.state !== 'done') return 'here';
  return step.kept ? 'keep' : 'again';
}
