import { Link } from 'react-router';
import { useModel } from '@/modules/resources/queries';
import { Facts } from '@/ui/Facts';
import { Load } from '@/ui/Load';
import { planOf } from '@/ui/rule';
import { SqlView } from '@/ui/sql/Sql';
import { words } from '../strings';

export function Sql({ dataset }: { dataset: string }) {
  const model = useModel(dataset, true);
  return (
    <Load query={model} lines={10}>
      {(found) => (
        <div className="sql">
          <Facts
            facts={[
              found.summary ? [words.summary, found.summary] : null,
              found.schedule ? [words.schedule, <span key="s" title={found.schedule}>{planOf(found.schedule)}</span>] : null,
              [words.tabs.sql, <Link key="m" to={`/models/${dataset}`}>{found.title} →</Link>],
            ]}
          />
          <SqlView text={found.sql.trim()} label={words.tabs.sql} />
        </div>
      )}
    </Load>
  );
}
