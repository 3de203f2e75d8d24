import { useQuery } from '@tanstack/react-query';
import { api, ask } from '@/api/client';

export interface Agencies {
  short: (code: string | null | undefined) => string;
  title: (code: string | null | undefined) => string;
  contact: (code: string | null | undefined) => string;
}

/** Names of organizations; a code stands for itself until its name is known. */
export function useAgencies(): Agencies {
  const found = useQuery({
    queryKey: ['organizations'],
    queryFn: ({ signal }) => ask(api.GET('/api/organizations', { signal })),
    staleTime: 10 * 60_000,
  });
  const known = new Map((found.data ?? []).map((one) => [one.code, one]));
  return {
    short: (code) => known.get(code ?? '')?.short ?? code ?? '',
    contact: (code) => known.get(code ?? '')?.contact ?? '',
    title: (code) => known.get(code ?? '')?.title ?? code ?? '',
  };
}
