import { useState } from 'react';
import { useAgencies } from '@/modules/coordination/queries';
import { count } from '@/ui/format';
import { choicesOf, facetNames, facetTitles, type Choice, type FacetName } from './facets';
import { useFacets, type EntryFilter } from './queries';
import { words } from './strings';

const SHOWN = 8;

interface Props {
  filter: EntryFilter;
  onChange: (changes: Partial<EntryFilter>) => void;
}

/** Each count is what choosing it would list, given the words and the other facets. */
export function FacetList({ filter, onChange }: Props) {
  const agencies = useAgencies();
  const asked = useFacets(filter);
  const facets = asked.data;
  const [open, setOpen] = useState(false);
  const number = facetNames.filter((name) => filter[name]).length;
  const known = facets && facetNames.map((name) => [name, choicesOf(name, facets, filter[name], agencies.short)] as const);
  const none = Object.fromEntries(facetNames.map((name) => [name, '']));
  if (asked.isError || known?.every(([, choices]) => choices.length === 0)) return null;
  return (
    <aside className={open ? 'facets facets-open' : 'facets'} aria-label={words.narrow}>
      <button className="facets-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        {words.filters}
        {number > 0 && <span className="tag tag-blue">{number}</span>}
      </button>
      {number > 0 && (
        <button className="facet-clear link" onClick={() => onChange(none)}>
          {words.clear}
        </button>
      )}
      {known?.map(([name, choices]) => (
        <Facet
          key={name}
          name={name}
          choices={choices}
          chosen={filter[name]}
          choose={(value) => onChange({ [name]: value })}
        />
      ))}
    </aside>
  );
}

interface FacetProps {
  name: FacetName;
  choices: Choice[];
  chosen: string;
  choose: (value: string) => void;
}

function Facet({ name, choices, chosen, choose }: FacetProps) {
  const [all, setAll] = useState(false);
  const shown = all ? choices : choices.filter(([value], at) => at < SHOWN || value === chosen);
  if (!choices.length) return null;
  return (
    <div className="facet" role="group" aria-label={facetTitles[name]}>
      <h2>{facetTitles[name]}</h2>
      {shown.map(([value, title, found]) => (
        <button
          key={value}
          className={value === chosen ? 'facet-item facet-on' : 'facet-item'}
          aria-pressed={value === chosen}
          onClick={() => choose(value === chosen ? '' : value)}
        >
          <span>{title}</span>
          <small>{count(found)}</small>
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
