import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { asApiError } from '@/api/errors';
import { ErrorState } from './ErrorState';
import { words } from './strings';

interface Props<T> {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'isError' | 'refetch'>;
  lines?: number;
  children: (data: T) => ReactNode;
}

/** What a query gave: a quiet outline while it loads, the error in its place, or the data. */
export function Load<T>({ query, lines = 6, children }: Props<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) {
    const error = asApiError(query.error);
    // What is not there, or not for this person, does not come by asking again.
    if (error.status === 404 || error.status === 403) return <ErrorState error={error} />;
    return <ErrorState error={error} retry={() => void query.refetch()} />;
  }
  return <Outline lines={lines} />;
}

export function Outline({ lines }: { lines: number }) {
  return (
    <div className="outline" role="status" aria-label={words.loading}>
      {Array.from({ length: lines }, (_, index) => (
        <i key={index} />
      ))}
    </div>
  );
}
