import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { stateWords } from '@/ui/strings';
import { TimeAgo } from '@/ui/Time';
import { Panel } from './Panel';
import { words } from './strings';

type Agency = Schemas['AgencyState'];

const FRESH = 4;

/** The agencies whose newest batch is oldest. */
export function FreshPanel({ agencies, at }: { agencies: Agency[]; at: string }) {
  const found = agencies
    .filter((one) => one.tables > 0)
    .sort((one, other) => (one.fresh_at ?? '').localeCompare(other.fresh_at ?? ''));
  const origin = { how: words.freshHow, rule: words.freshRule, at, to: '/arrivals', page: words.openArrivals };
  return (
    <Panel title={words.fresh} note={words.freshNote} origin={origin}>
      {found.length === 0 && <p className="ck-quiet">{words.noFlow}</p>}
      <ul className="ck-list">
        {found.slice(0, FRESH).map((one) => (
          <li key={one.code}>
            <Link to={`/arrivals?agency=${one.code}`} title={one.title}>
              {one.short}
            </Link>
            <span className={one.late ? 'ck-bad' : ''}>
              {one.arrived}/{one.tables} {words.unitTable}
            </span>
            <span className="ck-when">{one.fresh_at ? <TimeAgo at={one.fresh_at} /> : words.never}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const states = ['running', 'queued', 'done', 'failed'] as const;

export function RunsPanel({ runs, at }: { runs: Record<string, number>; at: string }) {
  const origin = { how: words.runsHow, rule: words.runsRule, at, to: '/runs', page: words.openRuns };
  return (
    <Panel title={words.runs} origin={origin}>
      <div className="ck-states">
        {states.map((state) => (
          <Link key={state} to={`/runs?state=${state}`} className="ck-state">
            <span>{stateWords[state]}</span>
            <b className={state === 'failed' && runs[state] ? 'ck-bad' : ''}>{runs[state] ?? 0}</b>
          </Link>
        ))}
      </div>
    </Panel>
  );
}
