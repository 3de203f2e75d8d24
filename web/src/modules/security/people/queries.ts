import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';

export function usePeople() {
  return useQuery({ queryKey: ['people'], queryFn: ({ signal }) => ask(api.GET('/api/people', { signal })) });
}

export function useAddPerson() {
  return useAct((body: Schemas['NewPerson']) => ask(api.POST('/api/people', { body })));
}

export function useChangePerson(name: string) {
  return useAct((body: Schemas['Rights']) => ask(api.PUT('/api/people/{name}', { params: { path: { name } }, body })));
}

export function useResetPerson(name: string) {
  return useAct(() => ask(api.POST('/api/people/{name}/password', { params: { path: { name } } })));
}

export function useOpenPerson() {
  return useAct(({ name, open }: { name: string; open: boolean }) => {
    const params = { params: { path: { name } } };
    return ask(open ? api.POST('/api/people/{name}/enable', params) : api.POST('/api/people/{name}/disable', params));
  });
}

/** What is done to people shows in the list at once. */
function useAct<V, T>(mutationFn: (values: V) => Promise<T>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => queries.invalidateQueries({ queryKey: ['people'] }) });
}
