import { useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';

export function useSystem() {
  return useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => ask(api.GET('/api/system', { signal })),
    refetchInterval: 5_000,
  });
}

/** Versions and settings change with a restart alone. */
export function useSystemFacts() {
  return useQuery({
    queryKey: ['system', 'facts'],
    queryFn: ({ signal }) => ask(api.GET('/api/system/facts', { signal })),
    staleTime: Infinity,
  });
}

/** Reads through the whole database: only when asked. */
export function useExamination() {
  return useQuery({
    queryKey: ['system', 'examination'],
    queryFn: ({ signal }) => ask(api.GET('/api/system/examination', { signal })),
    enabled: false,
    gcTime: 0,
  });
}

export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => ask(api.GET('/api/system/health', { signal })),
    refetchInterval: 10_000,
  });
}

export function useFailedRuns(enabled: boolean) {
  return useQuery({
    queryKey: ['runs', 'failed'],
    queryFn: ({ signal }) => ask(api.GET('/api/runs', { signal, params: { query: { state: 'failed', limit: 20 } } })),
    enabled,
    refetchInterval: 30_000,
  });
}
