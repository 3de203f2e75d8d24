import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';
import { useEvents } from '@/api/events';
import type { LiveRuns, RunFilter } from './live';

const asked = (filter: RunFilter) => ({
  state: filter.state || null,
  kind: filter.kind || null,
  subject: filter.subject || null,
  agency: filter.agency || null,
  batch: filter.batch || null,
  text: filter.text || null,
});

/** A window of time; one that follows the present is asked for again and again. */
export function useTimeline(seconds: number, until: string, filter: RunFilter) {
  return useQuery({
    queryKey: ['timeline', seconds, until, asked(filter)],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/runs/timeline', { signal, params: { query: { ...asked(filter), seconds, until: until || null } } })),
    placeholderData: keepPreviousData,
    refetchInterval: until ? false : 3000,
    staleTime: until ? 60_000 : 0,
  });
}

/** Why a run is, and what came of it: what it sets off comes after its end. */
export function useAround(id: string, state: string) {
  return useQuery({
    queryKey: ['run-around', id, state],
    queryFn: ({ signal }) => ask(api.GET('/api/runs/{job_id}/around', { signal, params: { path: { job_id: id } } })),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.dataUpdateCount < 10 ? 3000 : 30_000),
  });
}

export function useRuns(filter: RunFilter) {
  return useInfiniteQuery({
    queryKey: ['runs', filter],
    queryFn: ({ signal, pageParam }) =>
      ask(
        api.GET('/api/runs', {
          signal,
          params: {
            query: {
              limit: 50,
              ...asked(filter),
              since: filter.since || null,
              until: filter.until || null,
              before: pageParam || null,
            },
          },
        }),
      ),
    placeholderData: keepPreviousData,
    initialPageParam: '',
    getNextPageParam: (page) => page.next_before ?? undefined,
  });
}

/** The stream writes into the cache; whoever shows runs reads it there. */
export function useLiveRuns() {
  const queries = useQueryClient();
  const { connected } = useEvents<LiveRuns>(
    () => '/api/runs/events',
    (data) => queries.setQueryData(['runs-live'], data),
  );
  const live = useQuery<LiveRuns>({ queryKey: ['runs-live'], enabled: false, staleTime: Infinity });
  return { live: live.data, connected };
}

/** Of all that may own data. */
export function useAgencyCodes(): string[] {
  const found = useQuery({
    queryKey: ['organizations'],
    queryFn: ({ signal }) => ask(api.GET('/api/organizations', { signal })),
    staleTime: 10 * 60_000,
  });
  return (found.data ?? []).filter((one) => one.kind !== 'government').map((one) => one.code);
}

export function useRun(id: string) {
  return useQuery({
    queryKey: ['run', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/runs/{job_id}', { signal, params: { path: { job_id: id } } })),
  });
}

type Line = Schemas['LogLine'];

interface RunNews {
  detail: Schemas['RunDetail'];
  lines: Line[];
}

export function appendLines(old: Line[], fresh: Line[]): Line[] {
  const last = old.at(-1)?.seq ?? 0;
  const added = fresh.filter((line) => line.seq > last);
  return added.length ? [...old, ...added] : old;
}

/** The log as it grows; once the run is over, what is there is all there is. */
export function useRunNews(id: string, over: boolean) {
  const queries = useQueryClient();
  const key = ['run-log', id];
  const log = useQuery<Line[]>({
    queryKey: key,
    queryFn: () => readLog(id),
    enabled: over,
    staleTime: 0,
    refetchOnWindowFocus: false,
  });
  const lines = log.data ?? [];
  const address = () => `/api/runs/${encodeURIComponent(id)}/events?after=${lines.at(-1)?.seq ?? 0}`;
  const { connected } = useEvents<RunNews>(over ? null : address, (news) => {
    queries.setQueryData(['run', id], news.detail);
    queries.setQueryData<Line[]>(key, (old) => appendLines(old ?? [], news.lines));
  });
  return { lines, connected };
}

const PAGE = 2000;

async function readLog(id: string): Promise<Line[]> {
  const found: Line[] = [];
  for (;;) {
    const after = found.at(-1)?.seq ?? 0;
    const page = await ask(
      api.GET('/api/runs/{job_id}/log', {
        params: { path: { job_id: id }, query: { after, limit: PAGE } },
      }),
    );
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

export function useSteer(id: string) {
  const queries = useQueryClient();
  const params = { params: { path: { job_id: id } } };
  const onSuccess = () => {
    void queries.invalidateQueries({ queryKey: ['run', id] });
    void queries.invalidateQueries({ queryKey: ['runs'] });
  };
  return {
    cancel: useMutation({ mutationFn: () => ask(api.POST('/api/runs/{job_id}/cancel', params)), onSuccess }),
    retry: useMutation({ mutationFn: () => ask(api.POST('/api/runs/{job_id}/retry', params)), onSuccess }),
  };
}
