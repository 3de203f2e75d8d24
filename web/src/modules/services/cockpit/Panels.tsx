import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { stateWords } from '@/ui/strings';
import { TimeAgo } from '@/ui/Time';
import { Panel } from './Panel';
import { words } from './strings';

type Agency = Schemas['AgencyState'];

// As many as could ever fit; what does not fit whole is not shown.
const FRESH = 14;
const SHOWN = 12;

/** The agencies whose newest batch is oldest. */
export function FreshPanel({ agencies }: { agencies: Agency[] }) {
  const found = agencies
    .filter((one) => one.tables > 0)
    .sort((one, other) => (one.fresh_at ?? '').localeCompare(other.fresh_at ?? ''));
  return (
    <Panel title={words.fresh} note={words.freshNote} grow>
      <ul className="ck-list">
        {found.slice(0, FRESH).map((one) => (
          <li key={one.code}>
            <Link to={`/arrivals?agency=${one.code}`}>{one.short}</Link>
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

export function RunsPanel({ runs }: { runs: Record<string, number> }) {
  return (
    <Panel title={words.runs}>
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

const bad: string[] = ['late', 'short', 'failed_run'];

export function AttentionPanel({ items }: { items: Schemas['Attention'][] }) {
  return (
    <Panel title={words.attention} grow>
      {items.length === 0 && <p className="ck-quiet">{words.noAttention}</p>}
      <ul className="ck-list">
        {items.slice(0, SHOWN).map((item) => (
          <li key={item.link + item.title}>
            <i className={bad.includes(item.kind) ? 'ck-dot ck-dot-bad' : 'ck-dot'} />
            <Link to={item.link} title={item.title}>
              {item.title}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
