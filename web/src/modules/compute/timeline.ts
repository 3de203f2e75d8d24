import type { Schemas } from '@/api/client';
import { dayOf, timeOf } from '@/ui/format';

export type Timeline = Schemas['Timeline'];
export type Block = Schemas['Block'];
export type Row = Timeline['rows'][number];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
// The platform's zone has no summer time.
const ZONE = 8 * HOUR;
const STEPS = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 2 * 86_400, 7 * 86_400].map((one) => one * 1000);

export interface Span {
  from: number;
  to: number;
}

/** Where a piece of time lies in the window, in per cent; it is never thinner than can be hit. */
export function place(span: Span, from: string, to: string | null, now: number): { left: number; width: number } {
  const length = span.to - span.from;
  const start = Math.max(span.from, new Date(from).getTime());
  const end = Math.min(span.to, to === null ? now : new Date(to).getTime());
  const left = ((start - span.from) / length) * 100;
  return { left, width: Math.max(0, ((end - start) / length) * 100) };
}

export interface Tick {
  at: number;
  left: number;
  label: string;
}

/** Round moments of the platform's clock, at most `most` of them. */
export function ticks(span: Span, most = 8): Tick[] {
  const length = span.to - span.from;
  const step = STEPS.find((one) => length / one <= most) ?? STEPS.at(-1) ?? DAY;
  const first = Math.ceil((span.from + ZONE) / step) * step - ZONE;
  const found: Tick[] = [];
  for (let at = first; at < span.to; at += step) {
    found.push({ at, left: ((at - span.from) / length) * 100, label: labelOf(at, step) });
  }
  return found;
}

function labelOf(at: number, step: number): string {
  const moment = new Date(at);
  if ((at + ZONE) % DAY === 0) return dayOf(moment).slice(5);
  return step < 60_000 ? timeOf(moment) : timeOf(moment).slice(0, 5);
}

/** As data walk: collected, conformed, made, served; then what the platform does for itself. */
const STAGES: Record<string, string[]> = {
  collect: ['collect.load_source', 'collect.load', 'collect.mend'],
  conform: ['libraries.conform'],
  build: ['libraries.build'],
  serve: ['gateway.serve'],
};

export interface Stage {
  stage: string;
  rows: Row[];
}

export function stagesOf(rows: Row[]): Stage[] {
  const known = new Map(rows.map((row) => [row.kind, row]));
  const stages = Object.entries(STAGES).map(([stage, kinds]) => ({
    stage,
    rows: kinds.flatMap((kind) => known.get(kind) ?? []),
  }));
  const placed = new Set(Object.values(STAGES).flat());
  const rest = rows.filter((row) => !placed.has(row.kind)).sort((one, other) => (one.kind < other.kind ? -1 : 1));
  return [...stages, { stage: 'platform', rows: rest }].filter((one) => one.rows.length);
}

/** The window of one block, with room around it. */
export function around(block: Block, now: number): { span: number; until: string } {
  const from = new Date(block.started_at).getTime();
  const to = block.ended_at === null ? now : new Date(block.ended_at).getTime();
  const room = Math.max(2000, (to - from) * 0.1);
  const until = to + room;
  return { span: Math.max(10, Math.ceil((until - from + room) / 1000)), until: new Date(until).toISOString() };
}

/** The window moved by half of itself; one that would reach the present follows it again. */
export function moved(span: number, until: string, direction: -1 | 1, now: number): string {
  const at = (until ? new Date(until).getTime() : now) + direction * span * 500;
  return at >= now ? '' : new Date(at).toISOString();
}
