import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
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

/** Workers change it meanwhile: each page that opens asks anew. */
export function useSource(name: string) {
  return useQuery({
    queryKey: ['source', name],
    staleTime: 0,
    queryFn: ({ signal }) => ask(api.GET('/api/sources/{name}', { signal, params: { path: { name } } })),
    refetchInterval: 10_000,
  });
}

export function useLoads(table: string, enabled: boolean) {
  return useQuery({
    queryKey: ['loads', table],
    staleTime: 0,
    queryFn: ({ signal }) =>
      ask(api.GET('/api/sources/tables/{table}/loads', { signal, params: { path: { table } } })),
    enabled,
  });
}

/** One table of a source, once the source is known. */
export function useTable(source: string, table: string) {
  const found = useSource(source).data;
  return { source: found?.source, found: found?.tables.find((one) => one.name === table) };
}

/** Tables with rows or changes of columns that people have to decide about. */
export function useWaiting(enabled: boolean) {
  return useQuery({
    queryKey: ['waiting'],
    staleTime: 0,
    queryFn: ({ signal }) => ask(api.GET('/api/quarantine/waiting', { signal })),
    enabled,
    refetchInterval: 30_000,
  });
}

export function useDrift(table: string) {
  return useQuery({
    queryKey: ['drift', table],
    staleTime: 0,
    queryFn: ({ signal }) => ask(api.GET('/api/quarantine/{table}/drift', { signal, params: { path: { table } } })),
  });
}

export function useAcceptDrift(table: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => ask(api.POST('/api/quarantine/{table}/drift/accept', { params: { path: { table } } })),
    onSuccess: () =>
      Promise.all(
        [['drift', table], ['source'], ['waiting']].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}

export function useAlarms() {
  return useQuery({
    queryKey: ['alarms'],
    queryFn: ({ signal }) => ask(api.GET('/api/deliveries/alarms', { signal })),
    refetchInterval: 30_000,
  });
}

export function useSeeAlarm() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (alarm: number) => ask(api.POST('/api/deliveries/alarms/{alarm}/seen', { params: { path: { alarm } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['alarms'] }),
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

type Summary = Schemas['DatasetQuality'];

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

/** The checks of a dataset, or of one of its rules, the oldest first. */
export function useVersionTrend(dataset: string, rule: string | null = null) {
  return useQuery({
    queryKey: ['quality-versions', dataset, rule],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/quality/{dataset}/trend', { signal, params: { path: { dataset }, query: { rule } } })),
  });
}

export function useModel(dataset: string, enabled: boolean) {
  return useQuery({
    queryKey: ['model', dataset],
    queryFn: ({ signal }) => ask(api.GET('/api/models/{dataset}', { signal, params: { path: { dataset } } })),
    enabled,
  });
}
