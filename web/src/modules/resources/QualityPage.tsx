import { Segmented } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
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
import { RuleList } from './quality/RuleList';
import { words as own } from './quality/strings';
import { Trend } from './quality/Trend';
import { words } from './strings';

const MANY = 100;

const groups = ['agency', 'dataset', 'rule'] as const;
type Group = (typeof groups)[number];

/** An agency that is chosen opens its datasets. */
function groupOf(by: string, agency: string): Group {
  if (by === 'rule' || by === 'dataset') return by;
  return agency ? 'dataset' : 'agency';
}

export function Component() {
  const quality = useQuality();
  const found = graded(quality.data ?? []);
  const [filter, set] = useFilter(['by', 'agency', 'dimension', 'text']);
  const { by, agency } = filter;
  const group = groupOf(by, agency);
  const titles = new Map(found.map((one) => [one.dataset, one.title]));
  return (
    <Page title={words.quality} note={words.qualityNote}>
      <Load query={quality} lines={12}>
        {() =>
          found.length === 0 ? (
            <EmptyState title={words.noQuality} text={words.noQualityText} />
          ) : (
            <>
              <div className="filters">
                <Segmented
                  aria-label={own.by}
                  value={group}
                  onChange={(value) => set({ by: value === 'agency' ? '' : value, dimension: '', text: '', ...(value === 'agency' && { agency: '' }) })}
                  options={groups.map((value) => ({ value, label: own[value] }))}
                />
                {group !== 'agency' && (
                  <AgencySelect codes={found.map((one) => one.owner)} value={agency} onChange={(code) => set({ by: group, agency: code })} />
                )}
              </div>
              {group === 'agency' && <AgencyList rows={byAgency(found)} />}
              {group === 'dataset' && <Datasets rows={found.filter((one) => !agency || one.owner === agency)} />}
              {group === 'rule' && <RuleList wanted={{ ...filter, dataset: '' }} titles={titles} set={set} />}
              <Trend agency={group === 'agency' ? '' : agency} />
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
  const [most, show] = useState(MANY);
  const to = (one: Graded) => `/quality/${one.dataset}`;
  return (
    <DataTable
      label={words.byDataset}
      rows={rows.slice(0, most)}
      more={rows.length > most ? { load: () => show(most + MANY), loading: false } : null}
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
