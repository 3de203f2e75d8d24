import { count } from '@/ui/format';
import { words } from './strings';
import './charts.css';

export interface Bar {
  low: string;
  high: string;
  /** null: some, but too few to be told. */
  count: number | null;
}

const WIDTH = 220;
const HEIGHT = 44;
const LEAST = 2;

/** A histogram; a bar that may not be told is hatched and as low as can be seen. */
export function Bars({ bars, label }: { bars: Bar[]; label: string }) {
  const most = Math.max(1, ...bars.map((bar) => bar.count ?? 0));
  const step = WIDTH / bars.length;
  const first = bars[0];
  const last = bars[bars.length - 1];
  if (!first || !last) return null;
  return (
    <figure className="bars">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
        {bars.map((bar, at) => {
          const tall = bar.count === null ? LEAST : bar.count && Math.max(LEAST, (bar.count / most) * HEIGHT);
          return (
            <g key={bar.low}>
              <rect className={bar.count === null ? 'bar bar-few' : 'bar'} x={at * step} y={HEIGHT - tall} width={Math.max(1, step - 1)} height={tall} />
              <rect className="bar-touch" x={at * step} y={0} width={step} height={HEIGHT}>
                <title>{`${words.range(bar.low, bar.high)}: ${bar.count === null ? words.few : words.rows(count(bar.count))}`}</title>
              </rect>
            </g>
          );
        })}
      </svg>
      <figcaption>
        <span>{first.low}</span>
        <span>{last.high}</span>
      </figcaption>
    </figure>
  );
}
