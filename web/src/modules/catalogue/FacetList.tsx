import { useState } from 'react';
import { useAgencies } from '@/modules/coordination/queries';
import { count } from '@/ui/format';
import { sharingWords, zoneWords } from '@/ui/strings';
import { useFacets, type EntryFilter } from './queries';
import { words } from './strings';

type Choice = readonly [value: string, title: string, count: number | null];
type Name = 'agency' | 'zone' | 'theme' | 'sharing';

const SHOWN = 8;

const byCount = (one: Choice, other: Choice) => (other[2] ?? 0) - (one[2] ?? 0);

interface Props {
  filter: EntryFilter;
  onChange: (changes: Partial<EntryFilter>) => void;
}

export function FacetList({ filter, onChange }: Props) {
  const facets = useFacets();
  const agencies = useAgencies();
  const { data } = facets;
  const counted = (counts: Record<string, number> | undefined, title: (value: string) => string) =>
    Object.entries(counts ?? {}).map(([value, found]) => [value, title(value), found] as const);
  const zones = Object.entries(zoneWords)
    .filter(([zone]) => zone !== 'ods')
    .map(([zone, title]) => [zone, title, null] as const);
  const lists: [Name, string, Choice[]][] = [
    ['zone', words.zone, zones],
    ['sharing', words.sharing, counted(data?.sharing, (value) => sharingWords[value] ?? value).sort(byCount)],
    ['theme', words.theme, counted(data?.themes, (value) => value).sort(byCount)],
    ['agency', words.agency, counted(data?.agencies, agencies.short).sort(byCount)],
  ];
  return (
    <aside className="facets" aria-label={words.clear}>
      {lists.map(([name, title, choices]) => (
        <Facet
          key={name}
          title={title}
          choices={choices}
          chosen={filter[name]}
          choose={(value) => onChange({ [name]: value })}
        />
      ))}
    </aside>
  );
}

interface FacetProps {
  title: string;
  choices: Choice[];
  chosen: string;
  choose: (value: string) => void;
}

function Facet({ title, choices, chosen, choose }: FacetProps) {
  const [all, setAll] = useState(false);
  const shown = all ? choices : choices.filter(([value], at) => at < SHOWN || value === chosen);
  if (!choices.length) return null;
  return (
    <div className="facet">
      <h2>{title}</h2>
      {shown.map(([value, name, found]) => (
        <button
          key={value}
          className={value === chosen ? 'facet-item facet-on' : 'facet-item'}
          aria-pressed={value === chosen}
          onClick={() => choose(value === chosen ? '' : value)}
        >
          <span>{name}</span>
          {found !== null && <small>{count(found)}</small>}
        </button>
      ))}
      {choices.length > SHOWN && (
        <button className="facet-more" onClick={() => setAll(!all)}>
          {all ? words.lessFacets : words.moreFacets(choices.length - shown.length)}
        </button>
      )}
    </div>
  );
}
