import { Segmented } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, ask } from '@/api/client';
import { Quality } from '@/modules/catalogue/Quality';
import { useAgencies } from '@/modules/coordination/queries';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { count } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { TimeAgo } from '@/ui/Time';
import { useFilter } from '@/ui/useSearch';
import { AgencySelect } from './AgencySelect';
import { byAgency, graded, type AgencyGrade, type Graded } from './grouping';
import { useQuality } from './queries';
import { words } from './strings';

function useGraded() {
  const quality = useQuality();
  const states = useQuery({
    queryKey: ['dataset-states', 'all'],
    queryFn: ({ signal }) => ask(api.GET('/api/datasets', { signal })),
  });
  return { quality, found: graded(quality.data ?? [], states.data ?? []), named: states.data !== undefined };
}

export function Component() {
  const { quality, found, named } = useGraded();
  const [{ by, agency }, set] = useFilter(['by', 'agency']);
  const datasets = by === 'dataset' || Boolean(agency);
  const query = named || quality.isError ? quality : { ...quality, data: undefined };
  return (
    <Page title={words.quality} note={words.qualityNote}>
      <Load query={query} lines={12}>
        {() =>
          found.length === 0 ? (
            <EmptyState title={words.noQuality} text={words.noQualityText} />
          ) : (
            <>
              <div className="filters">
                <Segmented
                  value={datasets ? 'dataset' : 'agency'}
                  onChange={(value) => set({ by: value === 'dataset' ? 'dataset' : '', agency: '' })}
                  options={[
                    { value: 'agency', label: words.byAgency },
                    { value: 'dataset', label: words.byDataset },
                  ]}
                />
                {datasets && (
                  <AgencySelect codes={found.map((one) => one.owner)} value={agency} onChange={(code) => set({ by: 'dataset', agency: code })} />
                )}
              </div>
              {datasets ? (
                <Datasets rows={found.filter((one) => !agency || one.owner === agency)} />
              ) : (
                <AgencyList rows={byAgency(found)} />
              )}
            </>
          )
        }
      </Load>
    </Page>
  );
}

function Failed({ failed }: { failed: number }) {
  return <span className={failed ? 'red' : 'faint'}>{count(failed)}</span>;
}

function AgencyList({ rows }: { rows: AgencyGrade[] }) {
  const agencies = useAgencies();
  const to = (one: AgencyGrade) => `/quality?by=dataset&agency=${one.agency}`;
  return (
    <DataTable
      label={words.byAgency}
      rows={rows}
      rowKey={(one) => one.agency}
      to={to}
      columns={[
        { title: words.agency, cell: (one) => <Link to={to(one)}>{agencies.title(one.agency)}</Link> },
        { title: words.good, width: 120, right: true, cell: (one) => <Quality part={one.good} /> },
        { title: words.failed, width: 130, right: true, cell: (one) => <Failed failed={one.failed_rows} /> },
        { title: words.checked, width: 130, right: true, cell: (one) => count(one.total) },
        { title: words.rulesFailed, width: 130, right: true, cell: (one) => count(one.rules_failed) },
        { title: words.datasets, width: 100, right: true, cell: (one) => one.datasets },
      ]}
    />
  );
}

function Datasets({ rows }: { rows: Graded[] }) {
  const agencies = useAgencies();
  const to = (one: Graded) => `/catalogue/${one.dataset}?tab=checks`;
  return (
    <DataTable
      label={words.byDataset}
      rows={rows}
      rowKey={(one) => one.dataset}
      to={to}
      columns={[
        {
          title: words.dataset,
          cell: (one) => (
            <Link className="two" to={to(one)}>
              {one.title}
              <small>{one.dataset}</small>
            </Link>
          ),
        },
        { title: words.agency, cell: (one) => agencies.short(one.owner) },
        { title: words.good, width: 110, right: true, cell: (one) => <Quality part={one.good} /> },
        { title: words.failed, width: 120, right: true, cell: (one) => <Failed failed={one.failed_rows} /> },
        { title: words.checked, width: 120, right: true, cell: (one) => count(one.total) },
        { title: words.rulesFailed, width: 140, right: true, cell: (one) => `${one.rules_failed} / ${one.rules}` },
        { title: words.at, width: 120, cell: (one) => <TimeAgo at={one.at} /> },
      ]}
    />
  );
}
