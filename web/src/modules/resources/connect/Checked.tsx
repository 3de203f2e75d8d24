import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, ask } from '@/api/client';
import { asApiError } from '@/api/errors';
import { ErrorNote } from '@/ui/ErrorState';
import { words } from './strings';

const MOST_ASKED = 60;

/** The check follows the load by itself: it is waited for, for a while. */
function useFirstCheck(dataset: string) {
  return useQuery({
    queryKey: ['first-check', dataset],
    staleTime: 0,
    queryFn: async ({ signal }) => (await ask(api.GET('/api/quality/{dataset}/trend', { signal, params: { path: { dataset }, query: {} } }))).at(-1) ?? null,
    refetchInterval: (query) => (query.state.data || query.state.dataUpdateCount >= MOST_ASKED ? false : 1_500),
  });
}

/** Whether what was loaded fits its standards, and where to look when it does not. */
export function Checked({ table }: { table: string }) {
  const dataset = `ods.${table}`;
  const check = useFirstCheck(dataset);
  const asked = useQueryClient().getQueryState(['first-check', dataset])?.dataUpdateCount ?? 0;
  if (check.isError) return <ErrorNote error={asApiError(check.error)} />;
  const last = check.data;
  if (!last) {
    return (
      <p className="dim" role="status">
        {asked < MOST_ASKED ? words.quality.checking : words.quality.late}
      </p>
    );
  }
  if (!last.failed) return <p className="green">{words.quality.fine(last.total)}</p>;
  return (
    <p className="row connect-links">
      <b>{words.quality.found(last.total, last.failed)}</b>
      <Link to={`/quality/${dataset}`}>{words.quality.see}</Link>
    </p>
  );
}
