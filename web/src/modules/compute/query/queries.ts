import { useQuery } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { api, ask } from '@/api/client';
import { asApiError, errorOf, type ApiError } from '@/api/errors';
import type { Answer } from '@/ui/AnswerTable';

/** The names of what may be asked about; columns come with the names that a text holds. */
export function useAskable(enabled: boolean) {
  return useQuery({
    queryKey: ['askable'],
    queryFn: ({ signal }) => ask(api.GET('/api/datasets/askable', { signal })),
    enabled,
    staleTime: 5 * 60_000,
  });
}

const MOST_NAMES = 50;

export function useColumns(names: string[]) {
  const wanted = names.slice(0, MOST_NAMES).join(',');
  return useQuery({
    queryKey: ['askable', wanted],
    queryFn: ({ signal }) => ask(api.GET('/api/datasets/askable', { signal, params: { query: { names: wanted } } })),
    enabled: wanted !== '',
    placeholderData: (old) => old,
    staleTime: 5 * 60_000,
  });
}

export interface Outcome {
  answer: Answer | null;
  error: ApiError | null;
  ms: number;
}

/** One question at a time; it can be called back by its ticket. */
export function useQuestion(told: (sql: string, outcome: Outcome) => void) {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [started, setStarted] = useState<string | null>(null);
  const [stopping, setStopping] = useState(false);
  const ticket = useRef<string | null>(null);
  const run = useCallback(
    async (sql: string, rows: number) => {
      if (ticket.current !== null || !sql.trim()) return;
      const mine = newTicket();
      ticket.current = mine;
      const before = performance.now();
      setStarted(new Date().toISOString());
      setStopping(false);
      const got = await ask(api.POST('/api/datasets/query', { body: { sql, rows, ticket: mine } })).then(
        (answer) => ({ answer: answer as Answer, error: null }),
        (error: unknown) => ({ answer: null, error: asApiError(error) }),
      );
      ticket.current = null;
      const end = { ...got, ms: performance.now() - before };
      setStarted(null);
      setOutcome(end);
      told(sql, end);
    },
    [told],
  );
  const cancel = useCallback(() => {
    const mine = ticket.current;
    if (mine === null) return;
    setStopping(true);
    void api.POST('/api/datasets/query/{ticket}/cancel', { params: { path: { ticket: mine } } });
  }, []);
  return { outcome, started, stopping, run, cancel };
}

function newTicket(): string {
  return `q${Date.now().toString(36)}${Math.random().toString(36).slice(2, 10)}`;
}

/** The same question as a file; true when it holds only the first rows. Raises ApiError. */
export async function exportCsv(sql: string): Promise<boolean> {
  const response = await fetch('/api/datasets/query.csv', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sql }),
  });
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => null));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = 'query.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return response.headers.get('x-truncated') === '1';
}
