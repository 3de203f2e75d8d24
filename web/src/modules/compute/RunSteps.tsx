import type { Schemas } from '@/api/client';
import { EmptyState } from '@/ui/EmptyState';
import { count, duration } from '@/ui/format';
import { StateTag } from '@/ui/StateTag';
import { useNow } from '@/ui/time';
import { layOut, planOf } from './steps';
import { stepTitle, words } from './strings';
import './runs.css';

type Step = Schemas['Step'];

/** The chain of steps: how long each took of the whole, rows in and out, and what a retry keeps. */
export function RunSteps({ steps, state }: { steps: Step[]; state: Schemas['Job']['state'] }) {
  const now = useNow(state === 'running');
  if (!steps.length) return <EmptyState title={words.noSteps} text={words.noStepsText} />;
  const bars = layOut(steps, now);
  const ended = state === 'failed' || state === 'cancelled';
  return (
    <div className="steps" role="list" aria-label={words.steps} tabIndex={0}>
      {steps.map((step, at) => (
        <div className="step" role="listitem" key={step.name}>
          <div className="step-dot">
            <i className={`bar-${step.state}`} />
          </div>
          <b title={step.name}>{stepTitle(step.name)}</b>
          <StateTag state={step.state} />
          <div className="step-track" aria-hidden="true">
            <i className={`bar-${step.state}`} style={{ left: `${bars[at]?.left ?? 0}%`, width: `${bars[at]?.width ?? 0}%` }} />
          </div>
          <span className="step-rows">
            <Rows step={step} />
          </span>
          <span className="step-right dim">{peak(step)}</span>
          <span className="step-right number">{duration(bars[at]?.ms ?? 0)}</span>
          {ended && <p className="step-plan">{words.plans[planOf(step)]}</p>}
        </div>
      ))}
    </div>
  );
}

function Rows({ step }: { step: Step }) {
  if (step.rows_in === null && step.rows_out === null) return <span className="dim">—</span>;
  return (
    <span title={`${words.rowsIn} → ${words.rowsOut}`}>
      {count(step.rows_in)} → {count(step.rows_out)} {words.rowsUnit}
    </span>
  );
}

function peak(step: Step): string {
  const found = step.output?.peak_mb;
  return typeof found === 'number' && found > 0 ? words.peak(Math.round(found)) : '';
}
