import { placed, type Point } from './line';
import './charts.css';

const HEIGHT = 88;
const PAD = 8;

interface Props {
  points: Point[];
  label: string;
  /** Upwards from zero (what is counted), not from the lowest (what is a part). */
  zero?: boolean;
  width?: number;
}

/** A trend: a line with a mark a measure; its ends are named below it, its extremes beside it. */
export function Line({ points, label, zero = false, width = 640 }: Props) {
  const found = placed(points, width - 2 * PAD, HEIGHT - 2 * PAD, zero);
  const first = points[0];
  const last = points[points.length - 1];
  if (!first || !last || !found.length) return null;
  const high = found.reduce((one, other) => (other.value > one.value ? other : one));
  const low = found.reduce((one, other) => (other.value < one.value ? other : one));
  return (
    <figure className="line" style={{ maxWidth: width + 90 }}>
      <div className="line-field">
        <svg viewBox={`${-PAD} ${-PAD} ${width} ${HEIGHT}`} role="img" aria-label={label}>
          <polyline points={found.map(({ x, y }) => `${x},${y}`).join(' ')} />
          {found.map((point) => (
            <g key={point.name}>
              <circle cx={point.x} cy={point.y} r={2.5} />
              <circle className="line-touch" cx={point.x} cy={point.y} r={9}>
                <title>{`${point.name}: ${point.text}`}</title>
              </circle>
            </g>
          ))}
        </svg>
        <div className="line-scale">
          <span>{high.text}</span>
          {low.value !== high.value && <span>{low.text}</span>}
        </div>
      </div>
      <figcaption style={{ marginRight: 82 }}>
        <span>{first.name}</span>
        {points.length > 1 && <span>{last.name}</span>}
      </figcaption>
    </figure>
  );
}
