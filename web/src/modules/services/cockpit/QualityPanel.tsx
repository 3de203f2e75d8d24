import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { count, percentUp } from '@/ui/format';
import { Panel } from './Panel';
import { words } from './strings';

type Agency = Schemas['AgencyState'];

const SHOWN = 4;
const POOR = 0.95;

const failing = (one: Agency) => (one.checked_rows ? one.failed_rows / one.checked_rows : 0);

/** The part that fails, from zero: a bar's length is honest, and the worst is the longest. */
export function QualityPanel({ agencies, at }: { agencies: Agency[]; at: string }) {
  const checked = agencies
    .filter((one) => one.quality !== null)
    .sort((one, other) => failing(other) - failing(one))
    .slice(0, SHOWN);
  const most = Math.max(0.0001, ...checked.map(failing));
  const origin = { how: words.qualityHow, rule: words.qualityRule, at, to: '/quality', page: words.openQuality };
  return (
    <Panel title={words.quality} note={words.qualityNote} origin={origin}>
      {checked.length === 0 && <p className="ck-quiet">{words.noQuality}</p>}
      <ul className="ck-list ck-quality">
        {checked.map((one) => (
          <li key={one.code}>
            <Link
              to={`/quality?by=dataset&agency=${one.code}`}
              title={words.qualityTip(one.title, count(one.failed_rows), count(one.checked_rows))}
            >
              {one.short}
            </Link>
            <i className="ck-meter">
              <i className={(one.quality ?? 1) < POOR ? 'ck-poor' : ''} style={{ width: `${(failing(one) / most) * 100}%` }} />
            </i>
            <b className={(one.quality ?? 1) < POOR ? 'ck-rows ck-bad' : 'ck-rows'}>{percentUp(failing(one), 2)}</b>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
