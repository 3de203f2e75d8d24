import { LoadsTable } from '@/modules/resources/LoadsTable';
import { useLoads } from '@/modules/resources/queries';
import { Load } from '@/ui/Load';
import { words } from '../strings';

export function Loads({ table }: { table: string }) {
  const loads = useLoads(table, true);
  return (
    <>
      <p className="tab-note">{words.loadNote}</p>
      <Load query={loads}>{(found) => <LoadsTable loads={found} label={words.tabs.loads} />}</Load>
    </>
  );
}
