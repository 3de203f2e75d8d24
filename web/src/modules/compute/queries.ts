import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@/api/client';
import { useEvents } from '@/api/events';
import type { LiveRuns, RunFilter } from './live';

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
              state: filter.state || null,
              kind: filter.kind || null,
              subject: filter.subject || null,
              before: pageParam || null,
            },
          },
        }),
      ),
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
