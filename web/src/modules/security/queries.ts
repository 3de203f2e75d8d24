import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';

type Permission =
  | 'catalogue.read'
  | 'data.preview'
  | 'data.query'
  | 'runs.read'
  | 'runs.steer'
  | 'sources.read'
  | 'sources.steer'
  | 'sources.tend'
  | 'services.read'
  | 'services.call'
  | 'services.steer'
  | 'cockpit.read'
  | 'system.read'
  | 'users.steer';

export function useMe() {
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => ask(api.GET('/api/session', { signal })),
    staleTime: 5 * 60_000,
  });
}

export function useMay(): (permission: Permission) => boolean {
  const me = useMe();
  return (permission) => me.data?.permissions.includes(permission) ?? false;
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['SignIn']) => ask(api.POST('/api/session', { body })),
    onSuccess: (me) => {
      queries.clear();
      queries.setQueryData(['me'], me);
    },
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => ask(api.DELETE('/api/session')),
    onSettled: () => queries.clear(),
  });
}

export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['ChangePassword']) => ask(api.POST('/api/session/password', { body })),
    onSuccess: () => queries.clear(),
  });
}
