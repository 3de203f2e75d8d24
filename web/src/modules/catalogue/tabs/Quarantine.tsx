import { useQuarantine } from '@/modules/resources/queries';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { moment } from '@/ui/format';
import { Load } from '@/ui/Load';
import { words } from '../strings';

export function Quarantine({ table }: { table: string }) {
  const found = useQuarantine(table);
  return (
    <Load query={found}>
      {(data) => (
        <DataTable
          label={words.tabs.quarantine}
          rows={data.pages.flat()}
          rowKey={(one) => String(one.id)}
          more={found.hasNextPage ? { load: () => void found.fetchNextPage(), loading: found.isFetchingNextPage } : null}
          empty={<EmptyState title={words.noQuarantine} text={words.noQuarantineText} />}
          columns={[
            { title: words.line, width: 80, right: true, cell: (one) => one.line ?? '—' },
            { title: words.column, width: 140, cell: (one) => <code>{one.column}</code> },
            { title: words.reason, width: 220, wrap: true, cell: (one) => one.message },
            { title: words.raw, wrap: true, cell: (one) => <code className="dim">{one.raw}</code> },
            { title: words.at, width: 170, cell: (one) => moment(one.at) },
          ]}
        />
      )}
    </Load>
  );
}
