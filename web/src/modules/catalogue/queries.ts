import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';
import { ApiError } from '@/api/errors';
import type { paths } from '@/api/schema';

export interface EntryFilter {
  text: string;
  agency: string;
  zone: string;
  theme: string;
  grade: string;
  sharing: string;
  fresh: string;
  quality: string;
}

type Wanted = NonNullable<paths['/api/catalogue/facets']['get']['parameters']['query']>;

/** An address may hold anything; what is no value of a facet is refused by the platform. */
function wanted(filter: EntryFilter): Wanted {
  return {
    text: filter.text,
    agency: filter.agency || null,
    zone: filter.zone || null,
    theme: filter.theme || null,
    grade: filter.grade ? Number(filter.grade) : null,
    sharing: filter.sharing || null,
    fresh: (filter.fresh || null) as Wanted['fresh'],
    quality: (filter.quality || null) as Wanted['quality'],
  };
}

export function useEntries(filter: EntryFilter) {
  return useInfiniteQuery({
    queryKey: ['entries', filter],
    placeholderData: keepPreviousData,
    queryFn: ({ signal, pageParam }) =>
      ask(
        api.GET('/api/catalogue/entries', {
          signal,
          params: { query: { limit: 50, ...wanted(filter), after: pageParam || null } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_after ?? undefined,
  });
}

export function useFacets(filter: EntryFilter) {
  return useQuery({
    queryKey: ['facets', filter],
    queryFn: ({ signal }) => ask(api.GET('/api/catalogue/facets', { signal, params: { query: wanted(filter) } })),
    placeholderData: keepPreviousData,
  });
}

/** An entry, or null for a dataset that is kept but not declared in the catalogue. */
export function useEntry(dataset: string) {
  return useQuery({
    queryKey: ['entry', dataset],
    queryFn: async ({ signal }) => {
      const params = { signal, params: { path: { dataset } } };
      try {
        return await ask(api.GET('/api/catalogue/entries/{dataset}', params));
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    enabled: !dataset.startsWith('ods.'),
  });
}

export function useStates(names: string[]) {
  return useQuery({
    queryKey: ['dataset-states', names],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/datasets', { signal, params: { query: { names: names.join(',') } } })),
    enabled: names.length > 0,
    placeholderData: keepPreviousData,
  });
}

export function useDataset(name: string) {
  return useQuery({
    queryKey: ['dataset', name],
    queryFn: ({ signal }) => ask(api.GET('/api/datasets/{name}', { signal, params: { path: { name } } })),
  });
}

export function usePreview(name: string, enabled: boolean) {
  return useQuery({
    queryKey: ['preview', name],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/datasets/{name}/preview', { signal, params: { path: { name }, query: { rows: 50 } } })),
    enabled,
    staleTime: 60_000,
  });
}

export function neighbours(dataset: string) {
  return {
    queryKey: ['lineage', dataset],
    queryFn: () => ask(api.GET('/api/lineage/{dataset}', { params: { path: { dataset } } })),
    staleTime: 60_000,
  };
}

export function useLineage(dataset: string) {
  return useQuery(neighbours(dataset));
}

/** Page by page of columns; of a version that is there already it does not change. */
export function useProfile(name: string, version: number | null, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ['profile', name, version],
    queryFn: ({ signal, pageParam }) =>
      ask(api.GET('/api/datasets/{name}/profile', { signal, params: { path: { name }, query: { after: pageParam } } })),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next_after ?? undefined,
    enabled,
    staleTime: 300_000,
  });
}

export function useDifference(name: string, before: number, after: number) {
  return useQuery({
    queryKey: ['difference', name, before, after],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/datasets/{name}/difference', { signal, params: { path: { name }, query: { before, after } } })),
    staleTime: 300_000,
  });
}

/** What elements mean by the standard, by name. */
export function useMeanings(elements: string[]) {
  const query = useQuery({
    queryKey: ['meanings', elements],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/catalogue/meanings', { signal, params: { query: { elements: elements.join(',') } } })),
    enabled: elements.length > 0,
    staleTime: 300_000,
  });
  return new Map((query.data ?? []).map((one) => [one.element, one]));
}
