import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';

export interface RuleWanted {
  agency: string;
  dataset: string;
  dimension: string;
  text: string;
}

export function useRules(wanted: RuleWanted) {
  return useInfiniteQuery({
    queryKey: ['quality-rules', wanted],
    placeholderData: keepPreviousData,
    queryFn: ({ signal, pageParam }) =>
      ask(
        api.GET('/api/quality/rules', {
          signal,
          params: {
            query: {
              agency: wanted.agency || null,
              dataset: wanted.dataset || null,
              dimension: wanted.dimension || null,
              text: wanted.text,
              after: pageParam || null,
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_after ?? undefined,
  });
}

export function useDimensions(agency: string) {
  return useQuery({
    queryKey: ['quality-dimensions', agency],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/quality/dimensions', { signal, params: { query: { agency: agency || null } } })),
  });
}

export function useTrend(agency: string, days: number) {
  return useQuery({
    queryKey: ['quality-trend', agency, days],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      ask(api.GET('/api/quality/trend', { signal, params: { query: { agency: agency || null, days } } })),
  });
}

export function useFailingRuns(dataset: string, rule: string) {
  return useQuery({
    queryKey: ['failing-runs', dataset, rule],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/quality/{dataset}/runs', { signal, params: { path: { dataset }, query: { rule } } })),
  });
}
