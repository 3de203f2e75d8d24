import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask } from '@/api/client';

/** Workers change them meanwhile. */
export function useModels() {
  return useQuery({
    queryKey: ['models'],
    queryFn: ({ signal }) => ask(api.GET('/api/models', { signal })),
    staleTime: 0,
    refetchInterval: 10_000,
  });
}

export function useModelState(dataset: string) {
  return useQuery({
    queryKey: ['model', dataset],
    queryFn: ({ signal }) => ask(api.GET('/api/models/{dataset}', { signal, params: { path: { dataset } } })),
    staleTime: 0,
    refetchInterval: 5_000,
  });
}

/** Titles of some datasets, by name. */
export function useTitles(names: string[]) {
  const wanted = [...new Set(names)].sort().join(',');
  return useQuery({
    queryKey: ['titles', wanted],
    queryFn: ({ signal }) => ask(api.GET('/api/datasets', { signal, params: { query: { names: wanted } } })),
    select: (found) => Object.fromEntries(found.map((one) => [one.name, one.title])) as Record<string, string>,
    enabled: wanted !== '',
    placeholderData: (old) => old,
    staleTime: 5 * 60_000,
  });
}

export function useBuilds(dataset: string, allowed: boolean) {
  return useQuery({
    queryKey: ['builds', dataset],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/runs', { signal, params: { query: { subject: dataset, kind: 'libraries.build', limit: 30 } } })),
    enabled: allowed,
    staleTime: 0,
    refetchInterval: 5_000,
  });
}

export function useBuildNow(dataset: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => ask(api.POST('/api/models/{dataset}/build', { params: { path: { dataset } } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['model', dataset] });
      void queries.invalidateQueries({ queryKey: ['builds', dataset] });
      void queries.invalidateQueries({ queryKey: ['runs'] });
    },
  });
}
