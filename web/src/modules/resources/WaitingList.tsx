import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useMay, useMe } from '@/modules/security/queries';
import { Section } from '@/ui/Page';
import { Tag } from '@/ui/StateTag';
import { Alarms } from './Alarms';
import { useDeliveries } from './deliveries/queries';
import { useSources, useWaiting } from './queries';
import { words } from './strings';
import { owed } from './waiting';
import './resources.css';

interface Item {
  key: string;
  kind: string;
  title: string;
  to: string;
  red: boolean;
}

/** What waits for a steward's agency; an operator sees what they may decide about for all. */
export function WaitingList() {
  const me = useMe().data;
  const may = useMay();
  const all = may('sources.steer');
  const agency = me?.agency ?? null;
  if (!may('sources.tend')) return null;
  if (!all && agency === null) return <p className="notice">{words.noAgency}</p>;
  return (
    <div className="waiting">
      <Alarms mine={all ? null : agency} />
      <Items agency={all ? null : agency} />
    </div>
  );
}

function Items({ agency }: { agency: string | null }) {
  const waiting = useWaiting(true).data;
  const batches = useDeliveries(null, true).data;
  const sources = useSources().data;
  if (!waiting || !batches || !sources) return null;
  const owner = new Map(sources.map((one) => [one.name, one]));
  const ours = (code: string | undefined) => agency === null || code === agency;
  const tables = waiting.filter((one) => ours(one.agency));
  const items = [
    ...owed(batches)
      .filter((one) => ours(owner.get(one.source)?.agency))
      .map(ofBatch),
    ...tables.filter((one) => one.drifted > 0).map(ofDrift),
    // Only the agency can decide about its rows; an operator finds them among what wants a look.
    ...(agency === null ? [] : tables.filter((one) => one.quarantined > 0).map(ofRows)),
  ];
  if (!items.length) return agency === null ? null : <p className="notice">{words.nothingWaits}</p>;
  return (
    <Section title={agency === null ? words.toDecide : words.forYou} note={words.forYouNote}>
      <ul className="lines" aria-label={agency === null ? words.toDecide : words.forYou}>
        {items.map((item) => (
          <li key={item.key}>
            <Tag tone={item.red ? 'red' : 'plain'}>{item.kind}</Tag>
            <Link className="lines-main" to={item.to}>
              {item.title}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const ofBatch = (one: Schemas['Delivery']): Item => ({
  key: one.id,
  kind: words.refused,
  title: words.refusedBatch(one.number, one.message ?? ''),
  to: `/sources/${one.source}/deliveries?table=${one.table}`,
  red: true,
});
const ofDrift = (one: Schemas['Waiting']): Item => ({
  key: `drift:${one.table}`,
  kind: words.drift,
  title: words.driftedTable(one.title, one.drifted),
  to: `/sources/${one.source}/drift/${one.table}`,
  red: true,
});
const ofRows = (one: Schemas['Waiting']): Item => ({
  key: `rows:${one.table}`,
  kind: words.rejected,
  title: words.quarantinedTable(one.title, one.quarantined),
  to: `/sources/${one.source}/quarantine/${one.table}`,
  red: false,
});
