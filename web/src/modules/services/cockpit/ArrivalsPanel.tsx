import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { stateWords } from '@/ui/strings';
import { Panel } from './Panel';
import { words } from './strings';

const states = ['arrived', 'waiting', 'unplanned', 'short', 'late'] as const;

/** One bar of all tables that are owed, divided by state. Which are missing, the attention list tells. */
export function ArrivalsPanel({ overview }: { overview: Schemas['Overview'] }) {
  const counts = states.map((state) => [state, overview.arrivals[state] ?? 0] as const);
  const origin = { how: words.arrivalsHow, rule: words.arrivalsRule, at: overview.at, to: '/arrivals', page: words.openArrivals };
  return (
    <Panel title={words.arrivals} note={words.arrivalsOf(overview.tables)} origin={origin}>
      <div className="ck-bar">
        {counts.map(([state, found]) => found > 0 && <i key={state} className={`ck-${state}`} style={{ flexGrow: found }} />)}
      </div>
      <div className="ck-states">
        {counts.map(([state, found]) => (
          <Link key={state} to={`/arrivals?state=${state}`} className={`ck-state ck-state-${state}`}>
            <span>{stateWords[state]}</span>
            <b className={found > 0 && (state === 'late' || state === 'short') ? 'ck-bad' : ''}>{found}</b>
          </Link>
        ))}
      </div>
    </Panel>
  );
}
