import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { EmptyState } from '@/ui/EmptyState';
import { count, duration } from '@/ui/format';
import { Load } from '@/ui/Load';
import { useNow } from '@/ui/time';
import type { RunFilter } from './live';
import { useTimeline } from './queries';
import { Card, Legend, walk, type Hover } from './TimelineParts';
import { around, moved, place, stagesOf, ticks, type Block, type Row, type Span, type Timeline as Data } from './timeline';
import { kindWords, stageWords, timelineWords as words } from './strings';
import './runs.css';

const DAY = 86_400;
const USUAL = 3600;
const spans: [string, number][] = [
  [words.hour, 3600],
  [words.sixHours, 6 * 3600],
  [words.day, DAY],
  [words.week, 7 * DAY],
];

export interface Window {
  span: string;
  until: string;
}

interface Props {
  window: Window;
  setWindow: (changes: Window) => void;
  filter: RunFilter;
}

/** What ran when: a row a kind, bars in as few lanes as they need; many short ones are one block. */
export function Timeline({ window, setWindow, filter }: Props) {
  const span = Number(window.span) || USUAL;
  const data = useTimeline(span, window.until, filter);
  const now = useNow(window.until === '');
  const shift = (direction: -1 | 1) => setWindow({ span: window.span, until: moved(span, window.until, direction, now) });
  return (
    <section className="timeline" aria-label={words.title}>
      <div className="timeline-head">
        <Segmented
          aria-label={words.window}
          value={span}
          onChange={(value) => setWindow({ span: value === USUAL ? '' : String(value), until: '' })}
          options={[
            ...spans.map(([label, value]) => ({ label, value })),
            ...(spans.some(([, value]) => value === span) ? [] : [{ label: duration(span * 1000), value: span }]),
          ]}
        />
        <Button onClick={() => shift(-1)} aria-label={words.earlier}>
          ‹ {words.earlier}
        </Button>
        <Button onClick={() => shift(1)} aria-label={words.later} disabled={window.until === ''}>
          {words.later} ›
        </Button>
        {window.until && (
          <Button type="link" onClick={() => setWindow({ span: '', until: '' })}>
            {words.backToNow}
          </Button>
        )}
        <Legend />
      </div>
      <Load query={data} lines={5}>
        {(found) => <Chart data={found} zoom={setWindow} live={window.until === ''} skew={data.dataUpdatedAt} />}
      </Load>
    </section>
  );
}

interface ChartProps {
  data: Data;
  zoom: (changes: Window) => void;
  live: boolean;
  skew: number;
}

function Chart({ data, zoom, live, skew }: ChartProps) {
  const [hover, setHover] = useState<Hover | null>(null);
  const clock = useNow(live);
  // The server's clock decides; ours only tells how long ago it was read.
  const now = new Date(data.now).getTime() + (live ? Math.max(0, clock - skew) : 0);
  const length = new Date(data.ended_at).getTime() - new Date(data.started_at).getTime();
  const to = live ? now : new Date(data.ended_at).getTime();
  const span: Span = { from: to - length, to };
  const stages = stagesOf(data.rows);
  if (!stages.length) return <EmptyState title={words.quiet} text={words.quietText} />;
  const show = (block: Block, kind: string) => (element: HTMLElement) => {
    const outer = element.closest('.timeline-chart')?.getBoundingClientRect();
    const inner = element.getBoundingClientRect();
    if (!outer) return;
    const left = Math.min(Math.max(0, inner.left - outer.left), outer.width - 300);
    setHover({ block, kind, left, top: inner.bottom - outer.top + 6 });
  };
  return (
    <div className="timeline-chart" onKeyDown={walk} onMouseLeave={() => setHover(null)}>
      <div className="timeline-axis" aria-hidden="true">
        {ticks(span).filter((tick) => tick.left < 95).map((tick) => (
          <span key={tick.at} style={{ left: `${tick.left}%` }}>
            {tick.label}
          </span>
        ))}
      </div>
      {stages.map(({ stage, rows }) => (
        <div className="timeline-stage" key={stage}>
          <div className="timeline-name">{stageWords[stage]}</div>
          <div className="timeline-rows">
            {rows.map((row) => (
              <Lanes key={row.kind} row={row} span={span} now={now} zoom={zoom} show={show} hide={() => setHover(null)} />
            ))}
          </div>
        </div>
      ))}
      {hover && <Card hover={hover} now={now} />}
      {data.truncated && <p className="dim">{words.truncated}</p>}
    </div>
  );
}

interface LanesProps {
  row: Row;
  span: Span;
  now: number;
  zoom: (changes: Window) => void;
  show: (block: Block, kind: string) => (element: HTMLElement) => void;
  hide: () => void;
}

function Lanes({ row, span, now, zoom, show, hide }: LanesProps) {
  const wait = row.waiting_since ? place(span, row.waiting_since, null, now) : null;
  return (
    <div className="timeline-row">
      <div className="timeline-kind">
        <span>{kindWords[row.kind] ?? row.kind}</span>
        <small className="dim">
          {count(row.count)} {words.times}
          {row.failed > 0 && <b className="red"> · {words.failedCount(row.failed)}</b>}
          {row.waiting > 0 && ` · ${words.waitCount(row.waiting)}`}
        </small>
      </div>
      <div className="timeline-lanes">
        {row.lanes.map((lane, at) => (
          <div className="timeline-lane" key={at}>
            {lane.map((block) => (
              <Bar key={block.started_at + (block.job ?? block.count)} block={block} span={span} now={now} zoom={zoom} show={show(block, row.kind)} hide={hide} />
            ))}
          </div>
        ))}
        {wait && (
          <div className="timeline-lane" title={words.waitCount(row.waiting)}>
            <i className="timeline-wait" style={{ left: `${wait.left}%`, width: `max(10px, ${wait.width}%)` }} />
          </div>
        )}
      </div>
    </div>
  );
}

interface BarProps {
  block: Block;
  span: Span;
  now: number;
  zoom: (changes: Window) => void;
  show: (element: HTMLElement) => void;
  hide: () => void;
}

function Bar({ block, span, now, zoom, show, hide }: BarProps) {
  const { left, width } = place(span, block.started_at, block.ended_at, now);
  const shared = {
    className: `timeline-bar bar-${block.state}`,
    style: { left: `min(${left}%, calc(100% - 4px))`, width: `max(4px, ${width}%)` },
    'aria-label': block.job ? words.oneLabel(block.title, words[block.state as 'done']) : words.manyLabel(block.count, block.failed),
    onMouseEnter: (event: { currentTarget: HTMLElement }) => show(event.currentTarget),
    onFocus: (event: { currentTarget: HTMLElement }) => show(event.currentTarget),
    onBlur: hide,
  };
  const words_ = block.job ? block.title : `×${count(block.count)}`;
  const text = width > (block.job ? 6 : 4) && <span>{words_}</span>;
  if (block.job) {
    return (
      <Link {...shared} to={`/runs/${block.job}`}>
        {text}
      </Link>
    );
  }
  const open = () => {
    hide();
    const next = around(block, now);
    zoom({ span: String(next.span), until: next.until });
  };
  return (
    <button {...shared} onClick={open}>
      {text}
    </button>
  );
}
