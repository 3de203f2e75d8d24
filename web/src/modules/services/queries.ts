import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';

export function useServices() {
  return useQuery({
    queryKey: ['services'],
    queryFn: ({ signal }) => ask(api.GET('/api/services', { signal })),
  });
}

export function useService(name: string) {
  return useQuery({
    queryKey: ['service', name],
    queryFn: ({ signal }) => ask(api.GET('/api/services/{name}', { signal, params: { path: { name } } })),
  });
}

export function useUsage(name: string, window: Schemas['ServiceUsage']['window']) {
  return useQuery({
    queryKey: ['service', name, 'usage', window],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/services/{name}/usage', { signal, params: { path: { name }, query: { window } } })),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
}

/** The first datasets of the catalogue whose title or name contains a text. */
export function useDatasetsLike(text: string) {
  return useQuery({
    queryKey: ['datasets-like', text],
    queryFn: ({ signal }) => ask(api.GET('/api/catalogue/entries', { signal, params: { query: { text, limit: 50 } } })),
    placeholderData: keepPreviousData,
  });
}

export function usePublish() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (service: Record<string, unknown>) => ask(api.POST('/api/definitions/services', { body: { service } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['services'] }),
  });
}

export function useTry(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (parameters: Record<string, string>) =>
      ask(api.POST('/api/services/{name}/try', { params: { path: { name } }, body: { parameters } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['service', name] }),
  });
}

export function useKeys() {
  return useQuery({
    queryKey: ['keys'],
    queryFn: ({ signal }) => ask(api.GET('/api/services/keys/all', { signal })),
  });
}

export function useMakeKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['NewKey']) => ask(api.POST('/api/services/keys', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
}

export function useDisableKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      ask(api.DELETE('/api/services/keys/{key_id}', { params: { path: { key_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
}

/** What the cockpit shows: asked again each ten seconds. */
export function useCockpit() {
  return useQuery({
    queryKey: ['cockpit'],
    queryFn: ({ signal }) => ask(api.GET('/api/cockpit', { signal })),
    refetchInterval: 10_000,
  });
}
