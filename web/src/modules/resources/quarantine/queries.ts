import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';
import { saveAs, upload } from '@/api/upload';
import type { Mend } from './mending';

export const PAGE = 50;
export type State = 'open' | 'resent' | 'mended' | 'dismissed' | 'superseded' | 'refused';

/** One page, newest first; `before` is the number of the last row of the page before it. */
export function useRows(table: string, state: State, reason: string, before: number | null) {
  return useQuery({
    queryKey: ['quarantine', table, state, reason, before],
    staleTime: 0,
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/quarantine', {
          signal,
          params: { query: { table, state, reason: reason || null, before, limit: PAGE } },
        }),
      ),
    refetchOnWindowFocus: false,
  });
}

/** While rows are on their way, it is asked again and again. */
export function useSummary(table: string) {
  return useQuery({
    queryKey: ['quarantine-summary', table],
    staleTime: 0,
    queryFn: ({ signal }) => ask(api.GET('/api/quarantine/{table}', { signal, params: { path: { table } } })),
    refetchInterval: (query) => (query.state.data?.states.resent ? 1_000 : 30_000),
  });
}

function useRefresh(table: string) {
  const queries = useQueryClient();
  return () =>
    Promise.all(
      [['quarantine', table], ['quarantine-summary', table], ['source'], ['waiting']].map((queryKey) =>
        queries.invalidateQueries({ queryKey }),
      ),
    );
}

type Told = (sent: Schemas['Sent'], rows: number[]) => void;

/** `told` comes before the lists are asked anew: by then the bench may be gone with its last row. */
export function useResend(table: string, told: Told) {
  const refresh = useRefresh(table);
  return useMutation({
    mutationFn: (rows: Mend[]) =>
      ask(api.POST('/api/quarantine/{table}/mend', { params: { path: { table } }, body: { rows } })),
    onSuccess: (sent, rows) => {
      told(sent, rows.map((row) => row.id));
      return refresh();
    },
  });
}

export function useDismiss(table: string, told: Told) {
  const refresh = useRefresh(table);
  return useMutation({
    mutationFn: (rows: number[]) =>
      ask(api.POST('/api/quarantine/{table}/dismiss', { params: { path: { table } }, body: { rows } })),
    onSuccess: (sent, rows) => {
      told(sent, rows);
      return refresh();
    },
  });
}

const fileAddress = (table: string) => `/api/quarantine/${encodeURIComponent(table)}/file`;

export function useSaveFile(table: string) {
  return useMutation({ mutationFn: () => saveAs(fileAddress(table), `quarantine-${table}.csv`) });
}

export function useSendFile(table: string, told: (sent: Schemas['Sent']) => void) {
  const refresh = useRefresh(table);
  return useMutation({
    mutationFn: (file: File) => upload<Schemas['Sent']>(fileAddress(table), file),
    onSuccess: (sent) => {
      told(sent);
      return refresh();
    },
  });
}

const ends = ['done', 'failed', 'cancelled'];

/** The job that takes mended rows in, until it is over. */
export function useMending(table: string, job: string | null) {
  const refresh = useRefresh(table);
  return useQuery({
    queryKey: ['mending', job],
    queryFn: async ({ signal }) => {
      const found = await ask(api.GET('/api/runs/{job_id}', { signal, params: { path: { job_id: job ?? '' } } }));
      if (ends.includes(found.job.state)) await refresh();
      return found.job;
    },
    enabled: job !== null,
    refetchInterval: (query) => (query.state.data && ends.includes(query.state.data.state) ? false : 1_000),
  });
}
