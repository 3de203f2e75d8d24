import { useModel } from '@/modules/resources/queries';
import { Code } from '@/ui/Copy';
import { Facts } from '@/ui/Facts';
import { Load } from '@/ui/Load';
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
              found.schedule ? [words.schedule, <code key="s">{found.schedule}</code>] : null,
            ]}
          />
          <Code text={found.sql.trim()} label={words.tabs.sql} />
        </div>
      )}
    </Load>
  );
}
