import { Tag } from '@/ui/StateTag';
import { words } from './strings';
import { wantsLook, type Look } from './waiting';

export function Looks({ look }: { look: Look }) {
  if (!wantsLook(look)) return <span className="faint">—</span>;
  return (
    <span className="looks">
      {look.late > 0 && <Tag tone="red">{words.lateTables(look.late)}</Tag>}
      {look.short > 0 && <Tag tone="red">{words.shortTables(look.short)}</Tag>}
      {look.drifted > 0 && <Tag tone="red">{words.driftedColumns(look.drifted)}</Tag>}
      {look.quarantined > 0 && <Tag>{words.quarantinedRows(look.quarantined)}</Tag>}
    </span>
  );
}
