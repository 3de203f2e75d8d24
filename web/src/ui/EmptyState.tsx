import type { ReactNode } from 'react';

/** Nothing here: says why, and what to do next. */
export function EmptyState({ title, text, children }: { title: string; text?: ReactNode; children?: ReactNode }) {
  return (
    <div className="empty">
      <b>{title}</b>
      {text && <p>{text}</p>}
      {children && <div className="empty-act">{children}</div>}
    </div>
  );
}
