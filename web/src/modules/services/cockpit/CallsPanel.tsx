import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useAgencies } from '@/modules/coordination/queries';
import { useMay } from '@/modules/security/queries';
import { TimeAgo } from '@/ui/Time';
import { leadsTo } from '../attention';
import { Panel } from './Panel';
import { kindWords, words } from './strings';

type Call = Schemas['Call'];

const SHOWN = 4;
const order = ['late', 'failed_run', 'short', 'quality', 'quarantine'] as const;
const bad: string[] = ['late', 'short', 'failed_run'];

/** Whom to call: one line an agency, what is wrong with how much of it, and the worst of it. */
export function CallsPanel({ calls, at }: { calls: Call[]; at: string }) {
  const origin = { how: words.attentionHow, rule: words.attentionRule, at, to: '/', page: words.openWorkbench };
  const left = calls.slice(SHOWN);
  const matters = left.reduce((sum, one) => sum + one.count, 0);
  return (
    <Panel title={words.attention} note={left.length ? words.moreCalls(left.length, matters) : ''} origin={origin} grow>
      {calls.length === 0 && <p className="ck-quiet">{words.noAttention}</p>}
      <ul className="ck-matters">
        {calls.slice(0, SHOWN).map((call) => (
          <CallLine key={call.agency ?? ''} call={call} />
        ))}
      </ul>
    </Panel>
  );
}

function CallLine({ call }: { call: Call }) {
  const { worst } = call;
  const agencies = useAgencies();
  const to = leadsTo(worst, useMay());
  return (
    <li className={bad.includes(worst.kind) ? 'ck-matter ck-matter-bad' : 'ck-matter'}>
      <div className="ck-who">
        <b title={call.title}>{call.agency ? agencies.short(call.agency) : words.ownPeople}</b>
        {call.agency && <span>{call.contact || words.noContact}</span>}
      </div>
      <div className="ck-what" title={worst.title}>
        {to === null ? worst.title : <Link to={to}>{worst.title}</Link>}
        {worst.since && <TimeAgo at={worst.since} />}
      </div>
      <div className="ck-kinds">
        {order.map((kind) => call.kinds[kind] && <Kind key={kind} kind={kind} call={call} />)}
      </div>
    </li>
  );
}

function Kind({ kind, call }: { kind: (typeof order)[number]; call: Call }) {
  const may = useMay();
  const told = kindWords[kind](call.kinds[kind] ?? 0);
  const to = pageOf(kind, call.agency ?? null, may('runs.read'));
  const name = bad.includes(kind) ? 'ck-kind ck-bad' : 'ck-kind';
  return to === null ? (
    <span className={name}>{told}</span>
  ) : (
    <Link className={name} to={to}>
      {told}
    </Link>
  );
}

/** The list behind a count; of the platform's own people there are only runs. Of an agency's failed runs who
 * may see no run sees the batches that were not taken. */
function pageOf(kind: (typeof order)[number], agency: string | null, runs: boolean): string | null {
  const of = agency ? `agency=${agency}` : '';
  if (kind === 'failed_run' && agency && !runs) return `/arrivals?${of}`;
  if (kind === 'failed_run') return runs ? '/runs?state=failed' : null;
  if (kind === 'quality') return `/quality?by=dataset&${of}`;
  return kind === 'quarantine' ? `/arrivals?${of}` : `/arrivals?state=${kind}&${of}`;
}
