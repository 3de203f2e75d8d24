import { Link } from 'react-router';
import { useAgencies } from '@/modules/coordination/queries';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { AgencySelect } from './AgencySelect';
import { useSources } from './queries';
import { kindWords, words } from './strings';
import { useFilter } from '@/ui/useSearch';

export function Component() {
  const sources = useSources();
  const agencies = useAgencies();
  const [{ agency }, set] = useFilter(['agency']);
  return (
    <Page title={words.sources} note={words.sourcesNote}>
      <Load query={sources} lines={12}>
        {(found) => (
          <>
            {found.length > 0 && (
              <div className="filters">
                <AgencySelect codes={found.map((one) => one.agency)} value={agency} onChange={(code) => set({ agency: code })} />
              </div>
            )}
            <DataTable
              label={words.sources}
              rows={found.filter((one) => !agency || one.agency === agency)}
              rowKey={(one) => one.name}
              to={(one) => `/sources/${one.name}`}
              empty={<EmptyState title={words.noSources} text={words.noSourcesText} />}
              columns={[
                {
                  title: words.source,
                  cell: (one) => (
                    <Link className="two" to={`/sources/${one.name}`}>
                      {one.title}
                      <small>{one.name}</small>
                    </Link>
                  ),
                },
                { title: words.agency, cell: (one) => agencies.short(one.agency) },
                { title: words.kind, width: 140, cell: (one) => kindWords[one.kind] ?? one.kind },
                { title: words.tables, width: 80, right: true, cell: (one) => one.tables },
                {
                  title: words.schedule,
                  width: 140,
                  cell: (one) => (one.schedule ? <code>{one.schedule}</code> : <span className="dim">{words.noSchedule}</span>),
                },
                { title: words.pack, width: 120, cell: (one) => <span className="dim">{one.pack}</span> },
              ]}
            />
          </>
        )}
      </Load>
    </Page>
  );
}
