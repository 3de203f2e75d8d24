import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';
import { upload } from '@/api/upload';

type Draft = Schemas['DraftView'];

export function useKinds() {
  return useQuery({
    queryKey: ['connect-kinds'],
    queryFn: ({ signal }) => ask(api.GET('/api/connect/kinds', { signal })),
    staleTime: 5 * 60_000,
  });
}

export function useElements() {
  return useQuery({
    queryKey: ['connect-elements'],
    queryFn: ({ signal }) => ask(api.GET('/api/connect/elements', { signal })),
    staleTime: 5 * 60_000,
  });
}

export function useOrganizations() {
  return useQuery({
    queryKey: ['organizations'],
    queryFn: ({ signal }) => ask(api.GET('/api/organizations', { signal })),
    staleTime: 10 * 60_000,
  });
}

/** Themes in use, the most used first. */
export function useThemes() {
  const found = useQuery({
    queryKey: ['themes'],
    queryFn: ({ signal }) => ask(api.GET('/api/catalogue/facets', { signal })),
    staleTime: 60_000,
  });
  const themes = Object.entries(found.data?.theme ?? {}).filter(([name]) => name);
  return themes.sort(([, one], [, other]) => other - one).map(([name]) => name);
}

export function useDraft(id: string) {
  return useQuery({
    queryKey: ['connect-draft', id],
    queryFn: ({ signal }) => ask(api.GET('/api/connect/drafts/{draft}', { signal, params: { path: { draft: id } } })),
    enabled: id !== '',
    retry: false,
    staleTime: 60_000,
  });
}

/** What is typed leaves by the body alone, and is not kept in the cache of queries. */
export function useTest() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['Attempt']) => ask(api.POST('/api/connect/tests', { body })),
    gcTime: 0,
    onSuccess: (draft) => queries.setQueryData(['connect-draft', draft.id], draft),
  });
}

export function useSendFile(way: 'upload' | 'push') {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ file, progress }: { file: File; progress: (part: number) => void }) =>
      upload<Draft>(`/api/connect/files?${new URLSearchParams({ file: file.name, way }).toString()}`, file, { progress }),
    onSuccess: (draft) => queries.setQueryData(['connect-draft', draft.id], draft),
  });
}

export function useGiveUp() {
  return useMutation({
    mutationFn: (draft: string) => ask(api.DELETE('/api/connect/drafts/{draft}', { params: { path: { draft } } })),
  });
}

export function useLook(draft: string) {
  return useMutation({
    mutationFn: ({ table, bound }: { table: string; bound: Record<string, string> }) =>
      ask(api.POST('/api/connect/drafts/{draft}/rows', { params: { path: { draft } }, body: { table, rows: 30, bound } })),
  });
}

export function useMake(draft: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (source: Record<string, unknown>) => ask(api.POST('/api/definitions/sources', { body: { draft, source } })),
    onSuccess: () =>
      Promise.all([['connect-draft', draft], ['sources'], ['arrivals']].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}
