import type { ReactNode } from 'react';
import { Link } from 'react-router';

export function LinkButton({ to, main, children }: { to: string; main?: boolean; children: ReactNode }) {
  return (
    <Link to={to} className={main ? 'link-button link-button-main' : 'link-button'}>
      {children}
    </Link>
  );
}
