import { useRouteError } from 'react-router';
import { asApiError } from '@/api/errors';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { LinkButton } from '@/ui/LinkButton';
import { words } from './strings';

export function RouteError() {
  const error = asApiError(useRouteError());
  return (
    <main className="page">
      <ErrorState error={error} retry={() => window.location.reload()} />
    </main>
  );
}

export function NotFound() {
  return (
    <main className="page">
      <EmptyState title={words.notFound} text={words.notFoundHint}>
        <LinkButton to="/">{words.workbench}</LinkButton>
      </EmptyState>
    </main>
  );
}
