import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { duration, moment } from '@/ui/format';
import { stateWords } from '@/ui/strings';
import { tookOf } from './health';
import { words } from './strings';
import '../runs.css';
import './models.css';

/** How long each build took, the newest at the right; each bar opens its run. */
export function Trend({ builds }: { builds: Schemas['Job'][] }) {
  const times = builds.map((one) => tookOf(one) ?? 0);
  const longest = Math.max(1, ...times);
  return (
    <div className="trend" role="group" aria-label={words.trend}>
      {builds.map((build, at) => {
        const said = `${moment(build.started_at)} ${stateWords[build.state]} ${duration(times[at] ?? 0)}`;
        return (
          <Link key={build.id} to={`/runs/${build.id}`} title={said} aria-label={said}>
            <i className={`bar-${build.state}`} style={{ height: `${Math.max(4, ((times[at] ?? 0) / longest) * 100)}%` }} />
          </Link>
        );
      })}
    </div>
  );
}
