import { Input, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'react-router';
import type { Schemas } from '@/api/client';
import { useAgencies } from '@/modules/coordination/queries';
import { checkedName, goodPart, useQuality } from '@/modules/resources/queries';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Icon } from '@/ui/Icon';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { RowsCount } from '@/ui/RowsCount';
import { zoneWords } from '@/ui/strings';
import { TimeAgo } from '@/ui/Time';
import { useFilter } from '@/ui/useSearch';
import { FacetList } from './FacetList';
import { facetNames } from './facets';
import { Quality } from './Quality';
import { Sharing } from './Sharing';
import { useEntries, useStates } from './queries';
import { words } from './strings';
import './catalogue.css';

type Entry = Schemas['Entry'];

function useColumns(entries: Entry[]): Column<Entry>[] {
  const agencies = useAgencies();
  const states = useStates(entries.map((entry) => entry.dataset));
  const quality = useQuality();
  const state = new Map((states.data ?? []).map((one) => [one.name, one]));
  const checks = new Map((quality.data ?? []).map((one) => [one.dataset, one]));
  return [
    {
      title: words.resource,
      cell: (entry) => (
        <Link to={`/catalogue/${entry.dataset}`} className="two">
          {entry.title}
          <small>{entry.dataset}</small>
        </Link>
      ),
    },
    { title: words.agency, cell: (entry) => agencies.short(entry.agency) },
    { title: words.zone, cell: (entry) => zoneWords[entry.dataset.split('.')[0] ?? ''] },
    { title: words.sharing, cell: (entry) => <Sharing sharing={entry.sharing} /> },
    { title: words.rows, right: true, cell: (entry) => <RowsCount rows={state.get(entry.dataset)?.rows} /> },
    { title: words.fresh, cell: (entry) => <TimeAgo at={state.get(entry.dataset)?.updated_at} /> },
    {
      title: words.quality,
      right: true,
      cell: (entry) => <Quality part={goodPart(checks.get(checkedName(entry.dataset)))} />,
    },
  ];
}

export function Component() {
  const [filter, setFilter] = useFilter(['text', ...facetNames]);
  const found = useEntries(filter);
  const entries = found.data?.pages.flatMap((page) => page.entries) ?? [];
  const columns = useColumns(entries);
  const filtered = Object.values(filter).some(Boolean);
  return (
    <Page title={words.title} note={words.note}>
      <SearchBox text={filter.text} onText={(text) => setFilter({ text })} />
      <div className="catalogue">
        <FacetList filter={filter} onChange={setFilter} />
        <div className="catalogue-list">
          <Load query={found} lines={12}>
            {() => (
              <DataTable
                label={words.title}
                rows={entries}
                columns={columns}
                rowKey={(entry) => entry.dataset}
                to={(entry) => `/catalogue/${entry.dataset}`}
                more={found.hasNextPage ? { load: () => void found.fetchNextPage(), loading: found.isFetchingNextPage } : null}
                empty={
                  filtered ? (
                    <EmptyState title={words.noneTitle} text={words.noneText} />
                  ) : (
                    <EmptyState title={words.emptyTitle} text={words.emptyText} />
                  )
                }
              />
            )}
          </Load>
        </div>
      </div>
    </Page>
  );
}

const PAUSE = 200;

/** The address follows the typing a breath later; the box follows an address that others set. */
function SearchBox({ text, onText }: { text: string; onText: (text: string) => void }) {
  const box = useRef<InputRef>(null);
  const wants = (useLocation().state as { focus?: boolean } | null)?.focus;
  const [typed, type] = useState(text);
  const [seen, see] = useState(text);
  const [sent, send] = useState(text);
  if (text !== seen) {
    see(text);
    if (text !== sent) type(text);
  }
  useEffect(() => {
    if (wants) box.current?.focus();
  }, [wants]);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => {
      send(typed);
      onText(typed);
    }, PAUSE);
    return () => clearTimeout(timer);
    // Only typing sends: an address opened by other means is taken over above.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [typed]);
  return (
    <Input
      id="catalogue-search"
      ref={box}
      className="catalogue-search"
      prefix={<Icon name="search" />}
      suffix={<kbd>/</kbd>}
      aria-label={words.search}
      placeholder={words.search}
      value={typed}
      allowClear
      onChange={(event) => type(event.target.value)}
      onKeyDown={(event) => event.key === 'Escape' && box.current?.blur()}
    />
  );
}
