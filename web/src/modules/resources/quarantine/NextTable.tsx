import { Link } from 'react-router';
import { useMe } from '@/modules/security/queries';
import { useWaiting } from '../queries';
import { words } from './strings';

/** From table to table until nothing waits: the next one with rows that this person may mend. */
export function NextTable({ table }: { table: string }) {
  const agency = useMe().data?.agency ?? null;
  const waiting = useWaiting(agency !== null).data ?? [];
  const ours = waiting.filter((one) => one.agency === agency && one.quarantined > 0).sort((one, other) => one.table.localeCompare(other.table));
  const next = ours.find((one) => one.table > table) ?? ours.find((one) => one.table !== table);
  if (!next) return null;
  return (
    <p className="pages">
      <Link to={`/sources/${next.source}/quarantine/${next.table}`}>{words.nextTable(next.title, next.quarantined)} ›</Link>
    </p>
  );
}
