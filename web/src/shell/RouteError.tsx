import { useRouteError } from 'react-router';
import { asApiError } from '@/api/errors';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { LinkButton } from '@/ui/LinkButton';
import { Page, useTitle } from '@/ui/Page';
import { words } from './strings';

export function RouteError() {
  useTitle(words.broken);
  const error = asApiError(useRouteError());
  return (
    <main className="page">
      <h1 className="unseen">{words.broken}</h1>
      <ErrorState error={error} retry={() => window.location.reload()} />
    </main>
  );
}

export function NotFound() {
  return (
    <Page title={words.notFound}>
      <EmptyState title={words.notFoundHint}>
        <LinkButton to="/">{words.workbench}</LinkButton>
      </EmptyState>
    </Page>
  );
}
