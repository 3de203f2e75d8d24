import { useEffect, type ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { remember } from './recent';
import { words } from './strings';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${words.brand}`;
  }, [title]);
}

/** A page of one thing (it has a page above it) is remembered when it was looked at for a moment. */
function useRemember(title: string, one: boolean): void {
  const { pathname } = useLocation();
  useEffect(() => {
    if (!one) return;
    const timer = setTimeout(() => remember({ to: pathname, title }), 600);
    return () => clearTimeout(timer);
  }, [one, pathname, title]);
}

interface Props {
  title: string;
  note?: ReactNode;
  up?: { to: string; title: string };
  action?: ReactNode;
  children: ReactNode;
}

/** A page answers one question, said in its title; its main action stands at the top right. */
export function Page({ title, note, up, action, children }: Props) {
  useTitle(title);
  useRemember(title, up !== undefined);
  return (
    <main className="page">
      {up && (
        <Link className="page-up" to={up.to}>
          ‹ {up.title}
        </Link>
      )}
      <div className="page-head">
        <div className="page-words">
          <h1>{title}</h1>
          {note && <div className="page-note">{note}</div>}
        </div>
        {action && <div className="page-action">{action}</div>}
      </div>
      {children}
    </main>
  );
}

export function Section({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <section className="section">
      <div className="section-head">
        <h2>{title}</h2>
        {note && <span className="dim">{note}</span>}
      </div>
      {children}
    </section>
  );
}
