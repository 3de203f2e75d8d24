import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';
import { upload } from '@/api/upload';

const MOST = 200;

/** Batches, newest first; asked again and again while one is on its way. */
export function useDeliveries(source: string | null, enabled: boolean) {
  return useQuery({
    queryKey: ['deliveries', source],
    staleTime: 0,
    queryFn: ({ signal }) => ask(api.GET('/api/deliveries', { signal, params: { query: { source, limit: MOST } } })),
    enabled,
    refetchInterval: (query) => (query.state.data?.some((one) => one.state === 'received') ? 1_500 : 10_000),
  });
}

export interface Batch {
  table: string;
  file: File;
  number: string;
  rows: string;
  progress: (part: number) => void;
  signal: AbortSignal;
}

export function useHandIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ table, file, number, rows, progress, signal }: Batch) => {
      const asked = new URLSearchParams({ file: file.name });
      if (number.trim()) asked.set('number', number.trim());
      if (rows.trim()) asked.set('rows', rows.trim());
      const address = `/api/deliveries/${encodeURIComponent(table)}?${asked.toString()}`;
      return upload<Schemas['Delivery']>(address, file, { progress, signal });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['deliveries'] }),
  });
}

export function usePushKeys(source: string) {
  return useQuery({
    queryKey: ['push-keys', source],
    queryFn: ({ signal }) => ask(api.GET('/api/deliveries/keys/{source}', { signal, params: { path: { source } } })),
  });
}

export function useMakePushKey(source: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (title: string) => ask(api.POST('/api/deliveries/keys', { body: { source, title } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['push-keys', source] }),
  });
}

export function useDisablePushKey(source: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (key: string) => ask(api.DELETE('/api/deliveries/keys/{key}', { params: { path: { key } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['push-keys', source] }),
  });
}
