import { useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { api, ask, type Schemas } from '@/api/client';
import { looks } from '@/ui/recent';
import { stateWords } from '@/ui/strings';
import { groups } from './menu';
import { foundWords, words } from './strings';

type Found = Schemas['Found'];
type Me = Schemas['Me'];

/** A line of the search: where it leads, and what is said of it. */
export interface Line {
  group: string;
  to: string;
  title: string;
  note: string;
}

const addresses: Record<Found['kind'], (one: Found) => string> = {
  entry: (one) => `/catalogue/${one.key}`,
  item: (one) => `/catalogue/${one.key}?tab=lineage&item=${one.part ?? ''}`,
  service: (one) => `/services/${one.key}`,
  source: (one) => `/sources/${one.key}`,
  model: (one) => `/models/${one.key}`,
  agency: (one) => `/catalogue?agency=${one.key}`,
  run: (one) => `/runs/${one.key}`,
};

export function pages(text: string, permissions: readonly string[]): Line[] {
  const told = text.trim().toLowerCase();
  if (!told) return [];
  return groups
    .flatMap((group) => group.items)
    .filter((item) => !item.needs || permissions.includes(item.needs))
    .filter((item) => item.title.includes(told) || item.letters.startsWith(told))
    .map((item) => ({ group: foundWords.page, to: item.to, title: item.title, note: '' }));
}

export function lineOf(one: Found): Line {
  const note = one.kind === 'run' ? (stateWords[one.note as keyof typeof stateWords] ?? one.note) : one.note;
  return { group: foundWords[one.kind], to: addresses[one.kind](one), title: one.title, note };
}

/** What is found for `text`; what was looked at last while nothing is asked. */
export function useFound(text: string, me: Me): { lines: Line[]; settled: boolean } {
  const asked = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: ['search', asked],
    queryFn: ({ signal }) => ask(api.GET('/api/search', { signal, params: { query: { text: asked } } })),
    enabled: asked !== '',
    placeholderData: (before) => before,
  });
  if (!asked) {
    return { lines: looks(me.name).map((one) => ({ ...one, group: words.recent, note: '' })), settled: true };
  }
  return {
    lines: [...pages(asked, me.permissions), ...(found.data ?? []).map(lineOf)],
    settled: asked === text.trim() && !found.isPlaceholderData && !found.isPending,
  };
}
