import { Link } from 'react-router';
import { useLoads } from '@/modules/resources/queries';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { moment } from '@/ui/format';
import { Load } from '@/ui/Load';
import { RowsCount } from '@/ui/RowsCount';
import { words } from '../strings';

export function Loads({ table }: { table: string }) {
  const loads = useLoads(table, true);
  return (
    <>
      <p className="tab-note">{words.loadNote}</p>
      <Load query={loads}>
        {(found) => (
          <DataTable
            label={words.tabs.loads}
            rows={found}
            rowKey={(one) => one.job}
            empty={<EmptyState title={words.noLoads} text={words.noLoadsText} />}
            columns={[
              { title: words.at, width: 170, cell: (one) => moment(one.at) },
              { title: words.mode, width: 80, cell: (one) => (one.mode === 'full' ? words.full : words.incremental) },
              { title: words.sourceRows, right: true, cell: (one) => <RowsCount rows={one.source_rows} /> },
              { title: words.lakeRows, right: true, cell: (one) => <RowsCount rows={one.rows} /> },
              { title: words.rejected, right: true, cell: (one) => <RowsCount rows={one.rejected} /> },
              { title: words.agrees, cell: (one) => <Agrees agrees={one.agrees} /> },
              {
                title: words.hash,
                cell: (one) => (
                  <code className="dim">
                    {one.source_hash} {one.source_hash === one.lake_hash ? '=' : '≠'} {one.lake_hash}
                  </code>
                ),
              },
              { title: words.run, width: 90, cell: (one) => <Link to={`/runs/${one.job}`}>{words.seeRun}</Link> },
            ]}
          />
        )}
      </Load>
    </>
  );
}

function Agrees({ agrees }: { agrees: boolean }) {
  return <span className={agrees ? 'green' : 'red'}>{agrees ? words.agree : words.disagree}</span>;
}
