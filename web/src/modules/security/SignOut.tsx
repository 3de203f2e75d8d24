import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { useSignOut } from './queries';

export function SignOut({ children }: { children: ReactNode }) {
  const out = useSignOut();
  const navigate = useNavigate();
  const leave = () => out.mutate(undefined, { onSettled: () => void navigate('/sign-in') });
  return (
    <button onClick={leave} disabled={out.isPending}>
      {children}
    </button>
  );
}
