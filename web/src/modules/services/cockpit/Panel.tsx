import type { ReactNode } from 'react';

interface Props {
  title: string;
  note?: ReactNode;
  grow?: boolean;
  children: ReactNode;
}

export function Panel({ title, note, grow, children }: Props) {
  return (
    <section className={grow ? 'ck-panel ck-grow' : 'ck-panel'} aria-label={title}>
      <div className="ck-panel-head">
        <h2>{title}</h2>
        {note && <span>{note}</span>}
      </div>
      {children}
    </section>
  );
}
