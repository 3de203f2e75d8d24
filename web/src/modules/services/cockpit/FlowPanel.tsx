import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { count, large } from '@/ui/format';
import { TimeAgo } from '@/ui/Time';
import { Panel } from './Panel';
import { words } from './strings';

type Agency = Schemas['AgencyState'];

const SHOWN = 7;
const WIDTH = 84;
const HEIGHT = 28;

/** Agencies whose data came last, the newest first: 24 hours as bars, and the rows of today. */
export function FlowPanel({ agencies, at }: { agencies: Agency[]; at: string }) {
  const came = agencies
    .filter((one) => one.fresh_at)
    .sort((one, other) => (other.fresh_at ?? '').localeCompare(one.fresh_at ?? ''));
  const most = Math.max(1, ...came.flatMap((one) => one.hours));
  const rows = came.reduce((sum, one) => sum + one.rows_today, 0);
  const origin = { how: words.flowHow, rule: words.flowRule, at, to: '/arrivals', page: words.openArrivals };
  const total = large(rows);
  return (
    <Panel title={words.flow} note={words.flowNote(`${total.figure}${total.scale ? ` ${total.scale}` : ' '}`)} origin={origin} grow>
      {came.length === 0 && <p className="ck-quiet">{words.noFlow}</p>}
      <ul className="ck-list">
        {came.slice(0, SHOWN).map((one) => (
          <li key={one.code}>
            <Link to={`/arrivals?agency=${one.code}`} title={words.newest(one.title, one.newest ?? '')}>
              {one.short}
            </Link>
            <Bars hours={one.hours} most={most} />
            <b className="ck-rows" title={words.rowsOfDay(count(one.rows_today))}>
              {large(one.rows_today).figure}
              {large(one.rows_today).scale}
            </b>
            <span className="ck-when">
              <TimeAgo at={one.fresh_at} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** By the root, so that a small batch is still seen beside a large one. */
function Bars({ hours, most }: { hours: number[]; most: number }) {
  const step = WIDTH / hours.length;
  return (
    <svg className="ck-hours" width={WIDTH} height={HEIGHT} role="img" aria-label={words.hours(count(hours.reduce((a, b) => a + b, 0)))}>
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {hours.map((rows, at) => {
        const height = rows ? Math.max(3, Math.sqrt(rows / most) * (HEIGHT - 2)) : 0;
        return <rect key={at} x={at * step + 1} width={step - 2} y={HEIGHT - 1 - height} height={height} />;
      })}
    </svg>
  );
}
