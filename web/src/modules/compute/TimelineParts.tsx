import type { KeyboardEvent } from 'react';
import { count, duration, moment } from '@/ui/format';
import { StateTag } from '@/ui/StateTag';
import type { Block } from './timeline';
import { kindWords, timelineWords as words } from './strings';

export function Legend() {
  return (
    <span className="timeline-legend dim">
      {(['done', 'running', 'failed', 'cancelled'] as const).map((state) => (
        <span key={state}>
          <i className={`bar-${state}`} />
          {words[state]}
        </span>
      ))}
      <span>
        <i className="bar-queued" />
        {words.queued}
      </span>
    </span>
  );
}

export interface Hover {
  block: Block;
  kind: string;
  left: number;
  top: number;
}

export function Card({ hover, now }: { hover: Hover; now: number }) {
  const { block, kind } = hover;
  const end = block.ended_at ? new Date(block.ended_at).getTime() : now;
  return (
    <div className="timeline-card" style={{ left: hover.left, top: hover.top }} role="status">
      <b>{block.job ? block.title : words.many(kindWords[kind] ?? kind, block.count)}</b>
      <div className="row">
        <StateTag state={block.state} />
        {block.failed > 0 && !block.job && <span className="red">{words.failedCount(block.failed)}</span>}
      </div>
      <div className="dim">
        {moment(block.started_at)} · {duration(end - new Date(block.started_at).getTime())}
      </div>
      {block.rows !== null && <div>{words.wrote(count(block.rows))}</div>}
      <div className="dim">{block.job ? words.open : words.closer}</div>
    </div>
  );
}

/** Arrows go from bar to bar, up and down to the nearest of the next lane that has one. */
export function walk(event: KeyboardEvent<HTMLElement>) {
  const bar = (event.target as HTMLElement).closest<HTMLElement>('.timeline-bar');
  if (!bar) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('.timeline-bar')];
  const lanes = [...new Set(all.map((one) => one.parentElement))];
  const inLane = (lane: Element | null | undefined) => all.filter((one) => one.parentElement === lane);
  const own = inLane(bar.parentElement);
  const lane = lanes.indexOf(bar.parentElement);
  const near = (found: HTMLElement[]) => [...found].sort((a, b) => Math.abs(a.offsetLeft - bar.offsetLeft) - Math.abs(b.offsetLeft - bar.offsetLeft))[0];
  const next = {
    ArrowRight: own[own.indexOf(bar) + 1],
    ArrowLeft: own[own.indexOf(bar) - 1],
    ArrowDown: near(inLane(lanes[lane + 1])),
    ArrowUp: near(inLane(lanes[lane - 1])),
  }[event.key];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}
