import { Button, Select } from 'antd';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useAgencies } from '@/modules/coordination/queries';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Figure, Figures } from '@/ui/Figure';
import { count, minuteOf } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { RowsCount } from '@/ui/RowsCount';
import { StateTag } from '@/ui/StateTag';
import { cycleWords, stateWords } from '@/ui/strings';
import { TimeAgo } from '@/ui/Time';
import { useFirst } from '@/ui/useFirst';
import { useFilter } from '@/ui/useSearch';
import { useMay } from '@/modules/security/queries';
import { AgencySelect } from './AgencySelect';
import { Alarms } from './Alarms';
import { Failures } from './Failures';
import { useArrivals } from './queries';
import { words } from './strings';

type Arrival = Schemas['Arrival'];

const states = ['late', 'short', 'waiting', 'arrived', 'unplanned'] as const;

export function Component() {
  const arrivals = useArrivals();
  const may = useMay();
  return (
    <Page title={words.arrivals} note={words.arrivalsNote}>
      {may('sources.read') && (
        <div className="waiting">
          <Alarms />
        </div>
      )}
      <Load query={arrivals} lines={12}>
        {(found) =>
          found.length ? <Arrivals arrivals={found} /> : <EmptyState title={words.noArrivals} text={words.noArrivalsText} />
        }
      </Load>
    </Page>
  );
}

/** What is missing first; then by when it is due. */
export function inOrder(arrivals: Arrival[]): Arrival[] {
  const rank = (one: Arrival) => states.indexOf(one.state);
  return [...arrivals].sort((one, other) => rank(one) - rank(other) || (one.due_at ?? '').localeCompare(other.due_at ?? ''));
}

function addressOf(state: string, agency: string): string {
  const search = new URLSearchParams(Object.entries({ state, agency }).filter(([, value]) => value)).toString();
  return search ? `/arrivals?${search}` : '/arrivals';
}

function Arrivals({ arrivals }: { arrivals: Arrival[] }) {
  const [{ state, agency }, set] = useFilter(['state', 'agency']);
  const mine = agency ? arrivals.filter((one) => one.agency === agency) : arrivals;
  const shown = state ? mine.filter((one) => one.state === state) : mine;
  const first = useFirst(inOrder(shown));
  const counted = (one: string) => mine.filter((arrival) => arrival.state === one).length;
  return (
    <>
      <Figures>
        {states.map((one) => (
          <Figure
            key={one}
            title={stateWords[one]}
            value={counted(one)}
            active={state === one}
            to={addressOf(state === one ? '' : one, agency)}
            {...(one === 'late' || one === 'short' ? { tone: 'red' as const } : {})}
          />
        ))}
      </Figures>
      <div className="filters">
        <Select
          aria-label={words.state}
          style={{ width: 130 }}
          value={state}
          onChange={(value: string) => set({ state: value })}
          options={[{ value: '', label: words.allStates }, ...states.map((value) => ({ value, label: stateWords[value] }))]}
        />
        <AgencySelect codes={arrivals.map((one) => one.agency)} value={agency} onChange={(code) => set({ agency: code })} />
        {(state || agency) && (
          <Button type="link" onClick={() => set({ state: '', agency: '' })}>
            {words.clear}
          </Button>
        )}
        {agency && <Contact agency={agency} />}
      </div>
      <div className="failures">
        <Failures arrivals={mine} />
      </div>
      <DataTable
        label={words.arrivals}
        rows={first.rows}
        more={first.more}
        rowKey={(one) => one.table}
        columns={useColumns()}
        to={(one) => `/catalogue/ods.${one.table}?tab=loads`}
        empty={<EmptyState title={words.noMatch} text={words.noMatchText} />}
      />
    </>
  );
}

/** Whoever came here about one agency wants to call it. */
function Contact({ agency }: { agency: string }) {
  const agencies = useAgencies();
  return (
    <span title={agencies.title(agency)}>
      {words.contact}:{agencies.contact(agency) ? <b>{agencies.contact(agency)}</b> : <span className="dim">{words.noContact}</span>}
    </span>
  );
}

function useColumns(): Column<Arrival>[] {
  const agencies = useAgencies();
  return [
    { title: words.agency, cell: (one) => <span title={words.callWhom(agencies.title(one.agency), agencies.contact(one.agency))}>{agencies.short(one.agency)}</span> },
    { title: words.table, cell: (one) => <Link to={`/catalogue/ods.${one.table}?tab=loads`}>{one.title}</Link> },
    { title: words.cycle, width: 90, cell: (one) => cycleWords[one.cycle] ?? one.cycle },
    { title: words.state, width: 100, cell: (one) => <StateTag state={one.state} /> },
    { title: words.due, width: 150, cell: (one) => <span className="number">{minuteOf(one.due_at)}</span> },
    { title: words.arrived, width: 120, cell: (one) => <TimeAgo at={one.arrived_at} /> },
    { title: words.rows, width: 110, right: true, cell: (one) => <RowsCount rows={one.rows} /> },
    { title: words.before, width: 110, right: true, cell: (one) => <RowsCount rows={one.rows_before} /> },
    { title: words.change, width: 110, right: true, cell: (one) => <Change arrival={one} /> },
    { title: words.rejected, width: 80, right: true, cell: (one) => <RowsCount rows={one.rejected} /> },
  ];
}

function Change({ arrival }: { arrival: Arrival }) {
  if (arrival.rows === null || arrival.rows_before === null) return <span className="faint">—</span>;
  const more = arrival.rows - arrival.rows_before;
  return <span className={arrival.state === 'short' ? 'red' : 'dim'}>{more > 0 ? `+${count(more)}` : count(more)}</span>;
}
