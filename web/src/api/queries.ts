import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './errors';

type Gate = (path: '/sign-in' | '/change-password') => void;

/** One cache; an answer that says "not signed in" or "change your password" opens that page. */
export function makeQueries(gate: Gate): QueryClient {
  const onError = (error: unknown) => {
    if (!(error instanceof ApiError)) return;
    if (error.code === 'unauthenticated') gate('/sign-in');
    if (error.code === 'must_change_password') gate('/change-password');
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) =>
          count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
        retryDelay: (count) => 500 * 2 ** count,
      },
      mutations: { onError },
    },
  });
}
