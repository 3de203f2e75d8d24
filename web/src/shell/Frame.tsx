import { useCallback, useEffect, useState } from 'react';
import { Outlet, useLocation, useNavigationType } from 'react-router';
import { useMe } from '@/modules/security/queries';
import { ErrorState } from '@/ui/ErrorState';
import { asApiError } from '@/api/errors';
import { lookAs } from '@/ui/recent';
import { Boot } from './Boot';
import { Finder } from './Finder';
import { Menu } from './Menu';
import { words } from './strings';

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}

/** `/` searches everywhere, from whichever page. */
function useSearchKey(find: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || typing(event.target)) return;
      event.preventDefault();
      find();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [find]);
}

/** Another page is read from its top; on the way back the browser knows where it was. */
function useTop(pathname: string): void {
  const way = useNavigationType();
  useEffect(() => {
    if (way !== 'POP') window.scrollTo(0, 0);
  }, [pathname, way]);
}

export function Frame() {
  const me = useMe();
  const { pathname } = useLocation();
  const [openAt, setOpenAt] = useState<string | null>(null);
  const [finding, setFinding] = useState(false);
  const may = me.data?.permissions.includes('catalogue.read') ?? false;
  const find = useCallback(() => setFinding(may), [may]);
  useSearchKey(find);
  useTop(pathname);
  const person = me.data?.name;
  useEffect(() => {
    if (person) lookAs(person);
  }, [person]);
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
      <Menu me={me.data} open={open} toggle={() => setOpenAt(open ? null : pathname)} find={find} />
      {finding && <Finder me={me.data} close={() => setFinding(false)} />}
      <div className="frame-body" id="content">
        <Outlet />
      </div>
    </div>
  );
}
