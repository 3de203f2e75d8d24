import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useMay } from '@/modules/security/queries';
import { stateWords } from '@/ui/strings';
import { TimeAgo } from '@/ui/Time';
import { leadsTo } from '../attention';
import { Panel } from './Panel';
import { kindWords, words } from './strings';

type Agency = Schemas['AgencyState'];
type Attention = Schemas['Attention'];

const FRESH = 4;
const SHOWN = 4;

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

const bad: string[] = ['late', 'short', 'failed_run'];

/** Whom to call, about what, since when. */
export function AttentionPanel({ items, at }: { items: Attention[]; at: string }) {
  const origin = { how: words.attentionHow, rule: words.attentionRule, at, to: '/', page: words.openWorkbench };
  return (
    <Panel title={words.attention} note={items.length > SHOWN ? words.moreMatters(items.length - SHOWN) : ''} origin={origin} grow>
      {items.length === 0 && <p className="ck-quiet">{words.noAttention}</p>}
      <ul className="ck-matters">
        {items.slice(0, SHOWN).map((item) => (
          <Matter key={item.link + item.title} item={item} />
        ))}
      </ul>
    </Panel>
  );
}

function Matter({ item }: { item: Attention }) {
  const may = useMay();
  const to = leadsTo(item, may);
  return (
    <li className={bad.includes(item.kind) ? 'ck-matter ck-matter-bad' : 'ck-matter'}>
      {to === null ? (
        <div title={item.title}>
          <MatterWords item={item} />
        </div>
      ) : (
        <Link to={to} title={item.title}>
          <MatterWords item={item} />
        </Link>
      )}
    </li>
  );
}

function MatterWords({ item }: { item: Attention }) {
  return (
    <>
      <b>{item.agency_title || words.ownPeople}</b>
      <span className="ck-what">{item.title}</span>
      <span className="ck-whom">
        <em>{kindWords[item.kind]}</em>
        {item.since && <TimeAgo at={item.since} />}
        {item.agency_title && <span>{item.contact ? words.call(item.contact) : words.noContact}</span>}
      </span>
    </>
  );
}
