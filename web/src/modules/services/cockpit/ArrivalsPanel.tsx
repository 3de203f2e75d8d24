import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useArrivals } from '@/modules/resources/queries';
import { stateWords } from '@/ui/strings';
import { TimeAgo } from '@/ui/Time';
import { Panel } from './Panel';
import { words } from './strings';

const states = ['arrived', 'waiting', 'unplanned', 'short', 'late'] as const;
const SHOWN = 6;

/** One bar of all tables that are owed, divided by state; below it those that are missing. */
export function ArrivalsPanel({ overview }: { overview: Schemas['Overview'] }) {
  const counts = states.map((state) => [state, overview.arrivals[state] ?? 0] as const);
  return (
    <Panel title={words.arrivals} note={words.arrivalsOf(overview.tables)}>
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
      <Missing agencies={overview.agencies} />
    </Panel>
  );
}

function Missing({ agencies }: { agencies: Schemas['AgencyState'][] }) {
  const short = new Map(agencies.map((one) => [one.code, one.short]));
  const found = (useArrivals().data ?? [])
    .filter((one) => one.state === 'late' || one.state === 'short')
    .sort((one, other) => (one.due_at ?? '').localeCompare(other.due_at ?? ''));
  return (
    <>
      <h3 className="ck-sub">{words.missing}</h3>
      {found.length === 0 && <p className="ck-quiet">{words.noMissing}</p>}
      <ul className="ck-list">
        {found.slice(0, SHOWN).map((one) => (
          <li key={one.table}>
            <Link to={`/catalogue/ods.${one.table}?tab=loads`}>
              {short.get(one.agency) ?? one.agency} {one.title}
            </Link>
            <span className="ck-bad">
              {stateWords[one.state]} <TimeAgo at={one.due_at} />
            </span>
          </li>
        ))}
      </ul>
      {found.length > SHOWN && (
        <Link className="ck-more" to="/arrivals?state=late">
          {words.more(found.length - SHOWN)}
        </Link>
      )}
    </>
  );
}
