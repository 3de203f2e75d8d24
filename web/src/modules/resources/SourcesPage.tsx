import { Button, Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useAgencies } from '@/modules/coordination/queries';
import { useMay } from '@/modules/security/queries';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { count, minuteOf } from '@/ui/format';
import { LinkButton } from '@/ui/LinkButton';
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
/** As many rows are drawn at once: an installation may have hundreds of sources. */
const PAGE = 100;

type LookOf = (source: string) => Look;

export function Component() {
  const may = useMay();
  const sources = useSources();
  const arrivals = useArrivals();
  const of = looks(useWaiting(true).data ?? [], arrivals.data ?? []);
  return (
    <Page
      title={words.sources}
      note={words.sourcesNote}
      action={
        may('sources.steer') && (
          <LinkButton to="/sources/connect" main>
            {words.connect}
          </LinkButton>
        )
      }
    >
      <Load query={sources} lines={12}>
        {(found) =>
          found.length ? <Sources sources={found} of={of} known={!arrivals.isPending} /> : <EmptyState title={words.noSources} text={words.noSourcesText} />
        }
      </Load>
    </Page>
  );
}

function Sources({ sources, of, known }: { sources: Source[]; of: LookOf; known: boolean }) {
  const [{ text, agency, placement, look }, set] = useFilter(['text', 'agency', 'placement', 'look']);
  const [most, setMost] = useState(PAGE);
  const agencies = useAgencies();
  const sought = text.trim().toLowerCase();
  const shown = sources.filter(
    (one) =>
      (!sought || `${one.title} ${one.name} ${agencies.title(one.agency)} ${one.kind_title}`.toLowerCase().includes(sought)) &&
      (!agency || one.agency === agency) && (!placement || one.placement === placement) && (!look || wantsLook(of(one.name))),
  );
  return (
    <>
      <div className="filters">
        <Input
          allowClear
          aria-label={words.findSource}
          placeholder={words.findSource}
          style={{ width: 220 }}
          value={text}
          onChange={(event) => set({ text: event.target.value })}
        />
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
        {(text || agency || placement || look) && (
          <Button type="link" onClick={() => set({ text: '', agency: '', placement: '', look: '' })}>
            {words.clear}
          </Button>
        )}
        <span className="dim">{words.sourcesShown(shown.length, sources.length)}</span>
      </div>
      <DataTable
        label={words.sources}
        rows={shown.slice(0, most)}
        more={shown.length > most ? { load: () => setMost(most + PAGE), loading: false } : null}
        rowKey={(one) => one.name}
        to={(one) => `/sources/${one.name}`}
        empty={<EmptyState title={words.noSuchSource} text={words.noSuchSourceText} />}
        columns={columnsOf(of, agencies.short, known)}
      />
    </>
  );
}

/** `known`: whether what the agencies owe has been told yet; until then nothing is said of it. */
function columnsOf(of: LookOf, short: (code: string) => string, known: boolean): Column<Source>[] {
  return [
    {
      title: words.source,
      cell: (one) => (
        <Link className="two" to={`/sources/${one.name}`} title={one.title}>
          {one.title}
          <small>{one.name}</small>
        </Link>
      ),
    },
    { title: words.agency, width: 130, cell: (one) => short(one.agency) },
    { title: words.kind, width: 168, cell: (one) => <Kind source={one} /> },
    { title: words.tables, width: 60, right: true, cell: (one) => one.tables },
    { title: words.look, wrap: true, cell: (one) => <Looks look={of(one.name)} /> },
    { title: words.lastBatch, width: 110, cell: (one) => <TimeAgo at={of(one.name).last} /> },
    { title: words.rows, width: 110, right: true, cell: (one) => count(of(one.name).rows) },
    { title: words.nextRead, width: 120, cell: (one) => known && <Next at={one.next_at ?? of(one.name).due} planned={one.next_at !== null} /> },
  ];
}

function Kind({ source }: { source: Source }) {
  return (
    <span className="two kind-two">
      {source.kind_title}
      <small>{source.inbox ? words.inboxShort : placementWords[source.placement]}</small>
    </span>
  );
}

/** When the platform reads next, or when the agency owes the next batch. */
function Next({ at, planned }: { at: string | null; planned: boolean }) {
  if (!at) return <span className="dim">{words.noSchedule}</span>;
  return (
    <span className="two kind-two" title={planned ? words.readsAt : words.dueAt}>
      {minuteOf(at).slice(5)}
      <small>{planned ? words.readsAt : words.dueAt}</small>
    </span>
  );
}
