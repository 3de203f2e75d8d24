import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';
import { ApiError } from '@/api/errors';

export interface EntryFilter {
  text: string;
  agency: string;
  zone: string;
  theme: string;
  sharing: string;
}

export function useEntries(filter: EntryFilter) {
  return useInfiniteQuery({
    queryKey: ['entries', filter],
    placeholderData: keepPreviousData,
    queryFn: ({ signal, pageParam }) =>
      ask(
        api.GET('/api/catalogue/entries', {
          signal,
          params: {
            query: {
              limit: 50,
              text: filter.text,
              agency: filter.agency || null,
              zone: filter.zone || null,
              theme: filter.theme || null,
              sharing: filter.sharing || null,
              after: pageParam || null,
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_after ?? undefined,
  });
}

export function useFacets() {
  return useQuery({
    queryKey: ['facets'],
    queryFn: ({ signal }) => ask(api.GET('/api/catalogue/facets', { signal })),
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
