import { Button, Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { AgencySelect } from '@/modules/resources/AgencySelect';
import { stateWords } from '@/ui/strings';
import { useMay } from '@/modules/security/queries';
import { useAgencyCodes } from './queries';
import type { RunFilter } from './live';
import { kindWords, words } from './strings';

export const states = ['running', 'queued', 'failed', 'done', 'cancelled'] as const;

interface Props {
  filter: Record<'state' | 'kind' | 'subject' | 'agency' | 'batch' | 'text', string>;
  set: (changes: RunFilter) => void;
  zoomed: boolean;
  clear: () => void;
}

export function RunFilters({ filter, set, zoomed, clear }: Props) {
  const may = useMay();
  const filtered = zoomed || Object.values(filter).some(Boolean);
  return (
    <div className="filters">
      <Select
        aria-label={words.state}
        value={filter.state}
        onChange={(state) => set({ state })}
        style={{ width: 120 }}
        options={[{ value: '', label: words.all }, ...states.map((value) => ({ value, label: stateWords[value] }))]}
      />
      <Select
        aria-label={words.kind}
        value={filter.kind}
        onChange={(kind) => set({ kind })}
        style={{ width: 160 }}
        options={[{ value: '', label: words.allKinds }, ...Object.entries(kindWords).map(([value, label]) => ({ value, label }))]}
      />
      {may('catalogue.read') && <Agency value={filter.agency} onChange={(agency) => set({ agency })} />}
      <TextFilter key={filter.text} text={filter.text} set={(text) => set({ text })} />
      {filter.subject && (
        <span>
          {words.onSubject} <code>{filter.subject}</code>
        </span>
      )}
      {filter.batch && <span className="dim">{words.inBatch}</span>}
      {zoomed && <span className="dim">{words.inWindow}</span>}
      {filtered && (
        <Button type="link" onClick={clear}>
          {words.clear}
        </Button>
      )}
    </div>
  );
}

function Agency(props: { value: string; onChange: (agency: string) => void }) {
  return <AgencySelect codes={useAgencyCodes()} {...props} />;
}

const PAUSE = 400;

/** Typed words go into the address once the hand rests. */
function TextFilter({ text, set }: { text: string; set: (text: string) => void }) {
  const [typed, type] = useState(text);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => set(typed.trim()), PAUSE);
    return () => clearTimeout(timer);
  });
  return (
    <Input
      allowClear
      aria-label={words.find}
      placeholder={words.find}
      style={{ width: 230 }}
      maxLength={100}
      value={typed}
      onChange={(event) => type(event.target.value)}
      onPressEnter={() => set(typed.trim())}
    />
  );
}
