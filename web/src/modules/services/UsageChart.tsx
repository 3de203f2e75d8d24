import type { Schemas } from '@/api/client';
import { count, dayOf, moment } from '@/ui/format';
import { words } from './strings';

type Slice = Schemas['UsageSlice'];

const WIDTH = 400;
const HEIGHT = 132;
const FOOT = 20;
const LEFT = 44;
const TOP = 8;

interface Props {
  label: string;
  slices: Slice[];
  byHour: boolean;
  unit: string;
  /** From the bottom up: each value is drawn over the one before (`stack`) or from zero. */
  series: { name: string; className: string; of: (one: Slice) => number | null }[];
  stack: boolean;
}

/** Bars by the hour or the day; the rows behind them are in a title on each. */
export function UsageChart({ label, slices, byHour, unit, series, stack }: Props) {
  const values = slices.map((one) => series.map((line) => line.of(one) ?? 0));
  const most = Math.max(1, ...values.map((row) => (stack ? row.reduce((a, b) => a + b, 0) : Math.max(...row))));
  const step = (WIDTH - LEFT) / slices.length;
  const y = (value: number) => TOP + (1 - value / most) * (HEIGHT - FOOT - TOP);
  const every = Math.ceil(slices.length / 8);
  return (
    <figure className="usage-chart">
      <figcaption>
        {label}
        {series.map((line) => (
          <span key={line.name}>
            <i className={line.className} />
            {line.name}
          </span>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {[0, most].map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 6} y={y(value) + 4} className="right">
              {short(value)}
            </text>
          </g>
        ))}
        {slices.map((one, at) => (
          <g key={one.at} data-calls={one.calls}>
            <title>{`${byHour ? moment(one.at).slice(0, 16) : dayOf(one.at)} ${series.map((line) => `${line.name} ${line.of(one) === null ? words.noCalls : short(line.of(one) ?? 0)}`).join(',')} ${unit}`}</title>
            <rect className="usage-ground" x={LEFT + at * step} width={step} y={TOP} height={HEIGHT - FOOT - TOP} />
            {bars(values[at] ?? [], stack).map(([low, high], place) => (
              <rect
                key={place}
                className={series[place]?.className ?? ''}
                x={LEFT + at * step + step * 0.18}
                width={step * 0.64}
                y={y(high)}
                height={Math.max(0, y(low) - y(high))}
              />
            ))}
            {at % every === 0 && (
              <text x={LEFT + (at + 0.5) * step} y={HEIGHT - 5} className="middle">
                {byHour ? moment(one.at).slice(11, 16) : dayOf(one.at).slice(5)}
              </text>
            )}
          </g>
        ))}
      </svg>
    </figure>
  );
}

/** From and to of each bar. Unstacked, the larger is drawn first so that the smaller is seen. */
function bars(values: number[], stack: boolean): [number, number][] {
  let base = 0;
  return values.map((value) => {
    const from = stack ? base : 0;
    base += value;
    return [from, from + value];
  });
}

function short(value: number): string {
  return value >= 100 || Number.isInteger(value) ? count(Math.round(value)) : value.toFixed(1);
}
