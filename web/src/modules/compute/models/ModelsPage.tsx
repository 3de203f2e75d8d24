import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useAgencies } from '@/modules/coordination/queries';
import { useMay } from '@/modules/security/queries';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { LinkButton } from '@/ui/LinkButton';
import { Load } from '@/ui/Load';
import { Page, Section } from '@/ui/Page';
import { RowsCount } from '@/ui/RowsCount';
import { zoneWords } from '@/ui/strings';
import { Elapsed, TimeAgo } from '@/ui/Time';
import { useFilter } from '@/ui/useSearch';
import { words as queryWords } from '../query/strings';
import { byZone, healthOf } from './health';
import { HealthTag } from './HealthTag';
import { useModels } from './queries';
import { words, type Health } from './strings';

type Model = Schemas['ModelView'];

/** As many rows of a zone are drawn at once. */
const PAGE = 80;

const healths: Health[] = ['failed', 'stale', 'active', 'never', 'fresh'];

export function Component() {
  const models = useModels();
  const may = useMay();
  const [filter, set] = useFilter(['zone', 'state', 'text']);
  return (
    <Page title={words.title} note={words.note} action={may('data.query') && <LinkButton to="/query">{queryWords.title}</LinkButton>}>
      <div className="filters">
        <Input
          allowClear
          aria-label={words.find}
          placeholder={words.find}
          style={{ width: 220 }}
          value={filter.text}
          onChange={(event) => set({ text: event.target.value })}
        />
        <Select
          aria-label={words.zone}
          style={{ width: 130 }}
          value={filter.zone}
          onChange={(zone) => set({ zone })}
          options={[{ value: '', label: words.allZones }, ...['base', 'theme', 'topic'].map((value) => ({ value, label: zoneWords[value] }))]}
        />
        <Select
          aria-label={words.state}
          style={{ width: 130 }}
          value={filter.state}
          onChange={(state) => set({ state })}
          options={[{ value: '', label: words.allStates }, ...healths.map((value) => ({ value, label: words[value] }))]}
        />
        {Object.values(filter).some(Boolean) && (
          <Button type="link" onClick={() => set({ zone: '', state: '', text: '' })}>
            {words.clear}
          </Button>
        )}
      </div>
      <Load query={models} lines={10}>
        {(found) => <Zones all={found} shown={byZone(found.filter((one) => fits(one, filter)))} />}
      </Load>
    </Page>
  );
}

function fits(model: Model, filter: { zone: string; state: string; text: string }): boolean {
  const text = filter.text.trim().toLowerCase();
  return (
    (!filter.zone || model.zone === filter.zone) &&
    (!filter.state || healthOf(model) === filter.state) &&
    (!text || `${model.title} ${model.dataset}`.toLowerCase().includes(text))
  );
}

function Zones({ all, shown }: { all: Model[]; shown: Model[] }) {
  const agencies = useAgencies();
  if (!all.length) return <EmptyState title={words.empty} text={words.emptyText} />;
  if (!shown.length) return <EmptyState title={words.noneFits} text={words.noneFitsText} />;
  const columns: Column<Model>[] = [
    {
      title: words.model,
      width: 300,
      cell: (model) => (
        <Link to={`/models/${model.dataset}`} title={model.title}>
          <span className="two">
            {model.title}
            <small>{model.dataset}</small>
          </span>
        </Link>
      ),
    },
    { title: words.state, width: 120, cell: (model) => <HealthTag health={healthOf(model)} why={model.last?.error ?? model.stale} /> },
    { title: words.owner, width: 140, cell: (model) => agencies.short(model.owner) },
    { title: words.inputs, width: 90, right: true, cell: (model) => <span title={model.inputs.join('\n')}>{words.inputsCount(model.inputs.length)}</span> },
    { title: words.rows, width: 120, right: true, cell: (model) => <RowsCount rows={model.rows} /> },
    { title: words.updated, width: 130, cell: (model) => <TimeAgo at={model.updated_at} /> },
    { title: words.took, width: 110, right: true, cell: (model) => <Elapsed from={model.last?.started_at ?? null} to={model.last?.ended_at ?? null} /> },
    { title: words.why, cell: (model) => <Said model={model} /> },
  ];
  const zones = [...new Set(shown.map((one) => one.zone))];
  return zones.map((zone) => <Zone key={zone} zone={zone} models={shown.filter((one) => one.zone === zone)} columns={columns} />);
}

function Zone({ zone, models, columns }: { zone: string; models: Model[]; columns: Column<Model>[] }) {
  const [most, setMost] = useState(PAGE);
  const title = zoneWords[zone] ?? zone;
  return (
    <Section title={title} note={models.length}>
      <DataTable
        label={title}
        rows={models.slice(0, most)}
        more={models.length > most ? { load: () => setMost(most + PAGE), loading: false } : null}
        columns={columns}
        rowKey={(one) => one.dataset}
        to={(one) => `/models/${one.dataset}`}
      />
    </Section>
  );
}

function Said({ model }: { model: Model }) {
  if (model.last?.state === 'failed') {
    return (
      <Link className="red" to={`/runs/${model.last.run}`} title={model.last.error ?? ''}>
        {model.last.error}
      </Link>
    );
  }
  return (
    <span className="dim" title={model.stale ?? ''}>
      {model.stale ?? ''}
    </span>
  );
}
