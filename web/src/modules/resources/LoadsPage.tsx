import { useParams } from 'react-router';
import { ErrorState } from '@/ui/ErrorState';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { LoadsTable } from './LoadsTable';
import { useLoads, useSource, useTable } from './queries';
import { words } from './strings';
import './resources.css';

export function Component() {
  const { name = '', table = '' } = useParams();
  const of = useSource(name);
  const { source, found } = useTable(name, table);
  const loads = useLoads(table, true);
  return (
    <Page
      title={words.loadsOf(found?.title ?? table)}
      up={{ to: `/sources/${name}`, title: source?.title ?? words.source }}
      note={words.loadsNote}
    >
      <Load query={of} lines={10}>
        {() =>
          found ? (
            <Load query={loads} lines={10}>
              {(rows) => <LoadsTable loads={rows} label={words.loads} />}
            </Load>
          ) : (
            <ErrorState error={words.noSuchTable(table)} />
          )
        }
      </Load>
    </Page>
  );
}
