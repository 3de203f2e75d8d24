import { Tabs } from 'antd';
import { lazy, Suspense, type ReactNode } from 'react';
import { useParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { useAgencies } from '@/modules/coordination/queries';
import { checkedName, goodPart, useQuality } from '@/modules/resources/queries';
import { useMay } from '@/modules/security/queries';
import { Facts } from '@/ui/Facts';
import { Load, Outline } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { RowsCount } from '@/ui/RowsCount';
import { Sharing } from './Sharing';
import { cycleWords, gradeWords, zoneWords } from '@/ui/strings';
import { TimeAgo } from '@/ui/Time';
import { useFilter } from '@/ui/useSearch';
import { Quality } from './Quality';
import { Profile } from './profile/Profile';
import { useDataset, useEntry } from './queries';
import { words } from './strings';
import { Checks } from './tabs/Checks';
import { Items } from './tabs/Items';
import { Loads } from './tabs/Loads';
import { Preview } from './tabs/Preview';
import { Quarantine } from './tabs/Quarantine';
import { Sql } from './tabs/Sql';
import { Uses } from './tabs/Uses';
import { Versions } from './tabs/Versions';
import './catalogue.css';

const Lineage = lazy(() => import('./lineage/LineageTab'));

type Dataset = Schemas['Dataset'];
type Detail = NonNullable<ReturnType<typeof useDataset>['data']>;

export function Component() {
  const { dataset: name = '' } = useParams();
  const detail = useDataset(name);
  const dataset = detail.data?.dataset;
  return (
    <Page
      title={dataset?.title ?? name}
      up={{ to: '/catalogue', title: words.title }}
      note={
        <>
          <code>{name}</code>
          {dataset?.summary && <span className="entry-summary">{dataset.summary}</span>}
        </>
      }
    >
      <Load query={detail} lines={10}>
        {(found) => (
          <>
            <Head dataset={found.dataset} />
            <EntryTabs key={name} detail={found} />
          </>
        )}
      </Load>
    </Page>
  );
}

function Head({ dataset }: { dataset: Dataset }) {
  const agencies = useAgencies();
  const entry = useEntry(dataset.name).data;
  const owner = entry?.agency ?? dataset.owner;
  const quality = useQuality().data?.find((one) => one.dataset === checkedName(dataset.name));
  return (
    <Facts
      facts={[
        [words.agency, agencies.title(owner)],
        [words.contact, agencies.contact(owner) || <span className="dim">{words.noContact}</span>],
        [words.zone, zoneWords[dataset.zone] ?? dataset.zone],
        [words.grade, gradeWords[dataset.grade] ?? dataset.grade],
        [words.sharing, entry ? <Sharing sharing={entry.sharing} /> : <span className="dim">{words.notEntered}</span>],
        entry ? [words.cycle, cycleWords[entry.cycle] ?? entry.cycle] : null,
        entry?.sharing_basis ? [words.sharingBasis, entry.sharing_basis] : null,
        [words.rows, <RowsCount key="r" rows={dataset.rows} />],
        [words.version, dataset.current_version === null ? words.noVersion : `v${dataset.current_version}`],
        [words.updated, <TimeAgo key="t" at={dataset.updated_at} />],
        [words.quality, <Quality key="q" part={goodPart(quality)} />],
      ]}
    />
  );
}

type TabName = keyof typeof words.tabs;

function EntryTabs({ detail }: { detail: Detail }) {
  const [{ tab }, set] = useFilter(['tab', 'item', 'compare']);
  const may = useMay();
  const { dataset } = detail;
  const collected = ['ods', 'std'].includes(dataset.zone) && may('sources.read');
  const table = dataset.name.split('.')[1] ?? '';
  const all: [TabName, ReactNode, boolean][] = [
    ['items', <Items key="i" dataset={dataset} />, true],
    ['profile', <Profile key="f" dataset={dataset} />, true],
    ['preview', <Preview key="p" dataset={dataset} />, true],
    ['lineage', <LineageLater key="l" dataset={dataset} />, true],
    ['checks', <Checks key="c" dataset={dataset} />, true],
    ['versions', <Versions key="v" dataset={dataset.name} versions={detail.versions} />, true],
    ['loads', <Loads key="a" table={table} />, collected],
    ['quarantine', <Quarantine key="q" table={table} />, collected],
    ['sql', <Sql key="s" dataset={dataset.name} />, dataset.made_by === 'model'],
    ['uses', <Uses key="u" dataset={dataset.name} />, true],
  ];
  const shown = all.filter(([, , wanted]) => wanted);
  const active = shown.some(([name]) => name === tab) ? tab : 'items';
  return (
    <Tabs
      className="entry-tabs"
      activeKey={active}
      onChange={(name) => set({ tab: name === 'items' ? '' : name, item: '', compare: '' })}
      destroyOnHidden
      items={shown.map(([key, children]) => ({ key, children, label: words.tabs[key] }))}
    />
  );
}

function LineageLater({ dataset }: { dataset: Dataset }) {
  return (
    <Suspense fallback={<Outline lines={8} />}>
      <Lineage dataset={dataset} />
    </Suspense>
  );
}
