import { Button, Checkbox, Select } from 'antd';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useAgencies } from '@/modules/coordination/queries';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { TimeAgo } from '@/ui/Time';
import { useFilter } from '@/ui/useSearch';
import { AgencySelect } from './AgencySelect';
import { Looks } from './Looks';
import { useArrivals, useSources, useWaiting } from './queries';
import { placementWords, words } from './strings';
import { looks, wantsLook, type Look } from './waiting';
import './resources.css';

type Source = Schemas['SourceView'];
type LookOf = (source: string) => Look;

export function Component() {
  const sources = useSources();
  const of = looks(useWaiting(true).data ?? [], useArrivals().data ?? []);
  return (
    <Page title={words.sources} note={words.sourcesNote}>
      <Load query={sources} lines={12}>
        {(found) =>
          found.length ? <Sources sources={found} of={of} /> : <EmptyState title={words.noSources} text={words.noSourcesText} />
        }
      </Load>
    </Page>
  );
}

function Sources({ sources, of }: { sources: Source[]; of: LookOf }) {
  const [{ agency, placement, look }, set] = useFilter(['agency', 'placement', 'look']);
  const agencies = useAgencies();
  const shown = sources.filter(
    (one) =>
      (!agency || one.agency === agency) && (!placement || one.placement === placement) && (!look || wantsLook(of(one.name))),
  );
  return (
    <>
      <div className="filters">
        <AgencySelect codes={sources.map((one) => one.agency)} value={agency} onChange={(code) => set({ agency: code })} />
        <Select
          aria-label={words.placement}
          style={{ width: 130 }}
          value={placement}
          onChange={(value: string) => set({ placement: value })}
          options={[
            { value: '', label: words.allPlacements },
            ...Object.entries(placementWords).map(([value, label]) => ({ value, label })),
          ]}
        />
        <Checkbox checked={Boolean(look)} onChange={(event) => set({ look: event.target.checked ? '1' : '' })}>
          {words.onlyLook}
        </Checkbox>
        {(agency || placement || look) && (
          <Button type="link" onClick={() => set({ agency: '', placement: '', look: '' })}>
            {words.clear}
          </Button>
        )}
      </div>
      <DataTable
        label={words.sources}
        rows={shown}
        rowKey={(one) => one.name}
        to={(one) => `/sources/${one.name}`}
        empty={<EmptyState title={words.noSuchSource} text={words.noSuchSourceText} />}
        columns={columnsOf(of, agencies.short)}
      />
    </>
  );
}

function columnsOf(of: LookOf, short: (code: string) => string): Column<Source>[] {
  return [
    {
      title: words.source,
      cell: (one) => (
        <Link className="two" to={`/sources/${one.name}`}>
          {one.title}
          <small>{one.name}</small>
        </Link>
      ),
    },
    { title: words.agency, width: 130, cell: (one) => short(one.agency) },
    { title: words.kind, width: 160, cell: (one) => one.kind_title },
    { title: words.placement, width: 90, cell: (one) => placementWords[one.placement] },
    { title: words.tables, width: 60, right: true, cell: (one) => one.tables },
    { title: words.look, wrap: true, cell: (one) => <Looks look={of(one.name)} /> },
    { title: words.lastBatch, width: 110, cell: (one) => <TimeAgo at={of(one.name).last} /> },
  ];
}
