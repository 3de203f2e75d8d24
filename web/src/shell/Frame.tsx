import { useEffect, useState } from 'react';
import { Outlet, useLocation, useNavigate } from 'react-router';
import { useMe } from '@/modules/security/queries';
import { ErrorState } from '@/ui/ErrorState';
import { asApiError } from '@/api/errors';
import { Boot } from './Boot';
import { Menu } from './Menu';
import { words } from './strings';

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}

/** `/` searches everywhere: the catalogue's box takes the focus, from whichever page. */
function useSearchKey(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || typing(event.target)) return;
      event.preventDefault();
      const box = document.getElementById('catalogue-search');
      if (box) box.focus();
      else void navigate('/catalogue', { state: { focus: true } });
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [navigate]);
}

export function Frame() {
  const me = useMe();
  const { pathname } = useLocation();
  const [openAt, setOpenAt] = useState<string | null>(null);
  useSearchKey();
  if (me.isError) {
    return (
      <main className="page">
        <ErrorState error={asApiError(me.error)} retry={() => void me.refetch()} />
      </main>
    );
  }
  if (!me.data) return <Boot />;
  const open = openAt === pathname;
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {words.skip}
      </a>
      <Menu me={me.data} open={open} toggle={() => setOpenAt(open ? null : pathname)} />
      <div className="frame-body" id="content">
        <Outlet />
      </div>
    </div>
  );
}
