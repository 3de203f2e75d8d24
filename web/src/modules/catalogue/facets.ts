import type { Schemas } from '@/api/client';
import { gradeWords, sharingWords, zoneWords } from '@/ui/strings';
import { freshWords, goodWords, words } from './strings';

export const facetNames = ['zone', 'fresh', 'quality', 'grade', 'sharing', 'theme', 'agency'] as const;

export type FacetName = (typeof facetNames)[number];
export type Facets = Schemas['Facets'];
export type Choice = [value: string, name: string, count: number];

const fixed: Partial<Record<FacetName, Record<string, string>>> = {
  zone: zoneWords,
  fresh: freshWords,
  quality: goodWords,
  grade: gradeWords,
  sharing: sharingWords,
};

/** The values of a facet: of a known few in their own order, of the others the most common first.
 * What is chosen stays, though it may leave nothing. */
export function choicesOf(name: FacetName, facets: Facets, chosen: string, nameOf: (code: string) => string): Choice[] {
  const counts: Record<string, number> = chosen ? { [chosen]: 0, ...facets[name] } : facets[name];
  const titles = fixed[name];
  if (titles) return Object.entries(titles).flatMap(([value, title]) => (value in counts ? [[value, title, counts[value] ?? 0] as Choice] : []));
  return Object.entries(counts)
    .filter(([value]) => value)
    .map(([value, count]): Choice => [value, name === 'agency' ? nameOf(value) : value, count])
    .sort((one, other) => other[2] - one[2] || one[1].localeCompare(other[1], 'zh-CN'));
}

export const facetTitles: Record<FacetName, string> = {
  zone: words.zone,
  fresh: words.fresh,
  quality: words.quality,
  grade: words.grade,
  sharing: words.sharing,
  theme: words.theme,
  agency: words.agency,
};
