import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';

export function useArrivals() {
  return useQuery({
    queryKey: ['arrivals'],
    queryFn: ({ signal }) => ask(api.GET('/api/sources/arrivals', { signal })),
    refetchInterval: 30_000,
  });
}

export function useSources() {
  return useQuery({
    queryKey: ['sources'],
    queryFn: ({ signal }) => ask(api.GET('/api/sources', { signal })),
  });
}

export function useSource(name: string) {
  return useQuery({
    queryKey: ['source', name],
    queryFn: ({ signal }) => ask(api.GET('/api/sources/{name}', { signal, params: { path: { name } } })),
    refetchInterval: 10_000,
  });
}

export function useLoads(table: string, enabled: boolean) {
  return useQuery({
    queryKey: ['loads', table],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/sources/tables/{table}/loads', { signal, params: { path: { table } } })),
    enabled,
  });
}

const PAGE = 50;

export function useQuarantine(table: string) {
  return useInfiniteQuery({
    queryKey: ['quarantine', table],
    queryFn: ({ signal, pageParam }) =>
      ask(
        api.GET('/api/sources/quarantine', {
          signal,
          params: { query: { table, limit: PAGE, before: pageParam || null } },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.length === PAGE ? page.at(-1)?.id : undefined),
  });
}

export function useLoadNow() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (table: string) =>
      ask(api.POST('/api/sources/tables/{table}/load', { params: { path: { table } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  });
}

type Summary = Schemas['CheckSummary'];

export function useQuality() {
  return useQuery({
    queryKey: ['quality'],
    queryFn: ({ signal }) => ask(api.GET('/api/quality', { signal })),
    placeholderData: keepPreviousData,
  });
}

/** A standard table is made from its raw one and checked there: the checks of the raw are its own. */
export function checkedName(dataset: string): string {
  return dataset.startsWith('std.') ? `ods.${dataset.slice(4)}` : dataset;
}

export function goodPart(one: Summary | undefined): number | null {
  return one && one.total > 0 ? 1 - one.failed_rows / one.total : null;
}

export function useChecks(dataset: string) {
  const name = checkedName(dataset);
  return useQuery({
    queryKey: ['checks', name],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/quality/{dataset}', { signal, params: { path: { dataset: name } } })),
  });
}

export function useFailingRows(dataset: string, rule: string | null) {
  return useQuery({
    queryKey: ['failing', dataset, rule],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/quality/{dataset}/rows', {
          signal,
          params: { path: { dataset }, query: { rule: rule ?? '' } },
        }),
      ),
    enabled: rule !== null,
  });
}

export function useModel(dataset: string, enabled: boolean) {
  return useQuery({
    queryKey: ['model', dataset],
    queryFn: ({ signal }) => ask(api.GET('/api/models/{dataset}', { signal, params: { path: { dataset } } })),
    enabled,
  });
}
