import type { Schemas } from '@/api/client';
import { words } from './strings';

type Figure = Schemas['Figure'];
type Overview = Schemas['Overview'];

export const MOST = 6;

/** The pack's figures first; the platform's own fill the row. */
export function figuresOf({ figures, overview }: Schemas['Cockpit']): Figure[] {
  return [...figures, ...ownFigures(overview)].slice(0, MOST);
}

function ownFigures(overview: Overview): Figure[] {
  const own = (title: string, value: number, unit: string, how: string): Figure => ({
    title,
    value,
    unit,
    provenance: { dataset: '', title: words.platform, owner: words.owner, version: null, at: overview.at, how },
  });
  return [
    own(words.rows, overview.rows.ods ?? 0, words.unitRow, words.rowsHow),
    own(words.entries, overview.entries, words.unitItem, words.entriesHow),
    own(words.tables, overview.tables, words.unitTable, words.tablesHow),
    own(words.services, overview.services, words.unitService, words.servicesHow),
    own(words.sources, overview.sources, words.unitSource, words.sourcesHow),
    own(words.quarantined, overview.quarantined, words.unitRow, words.quarantinedHow),
  ];
}
