import type { ReactNode } from 'react';

/** A title, what is filled in, and a word of help. */
export function Line({ id, title, help, children }: { id: string; title: string; help?: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{title}</label>
      <div>
        {children}
        {help && <small>{help}</small>}
      </div>
    </div>
  );
}
