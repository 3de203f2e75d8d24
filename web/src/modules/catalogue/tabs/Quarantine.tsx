import { Link } from 'react-router';
import { PAGE, useRows } from '@/modules/resources/quarantine/queries';
import { useArrivals } from '@/modules/resources/queries';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { moment } from '@/ui/format';
import { Load } from '@/ui/Load';
import { words } from '../strings';

/** The newest ones; what can be done about them stands on their own page. */
export function Quarantine({ table }: { table: string }) {
  const found = useRows(table, 'open', '', null);
  const source = useArrivals().data?.find((one) => one.table === table)?.source;
  return (
    <Load query={found}>
      {(rows) => (
        <>
          {source !== undefined && (
            <p className="tab-note">
              {rows.length === PAGE && words.newestRows(PAGE)}
              <Link to={`/sources/${source}/quarantine/${table}`}>{words.openQuarantine} →</Link>
            </p>
          )}
          <DataTable
            label={words.tabs.quarantine}
            rows={rows}
            rowKey={(one) => String(one.id)}
            empty={<EmptyState title={words.noQuarantine} text={words.noQuarantineText} />}
            columns={[
              { title: words.line, width: 80, right: true, cell: (one) => one.line ?? '—' },
              { title: words.column, width: 140, cell: (one) => <code>{one.column}</code> },
              { title: words.reason, width: 220, wrap: true, cell: (one) => one.message },
              { title: words.raw, wrap: true, cell: (one) => <code className="dim">{one.raw}</code> },
              { title: words.at, width: 170, cell: (one) => moment(one.at) },
            ]}
          />
        </>
      )}
    </Load>
  );
}
