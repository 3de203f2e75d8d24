import type { ReactNode } from 'react';
import { words as shell } from '@/shell/strings';
import './gate.css';

/** The plain frame of the two pages before the platform. */
export function Gate({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="gate">
      <div className="gate-box">
        <div className="gate-brand">
          <img src="/mark.svg" alt="" width={28} height={28} />
          <b>{shell.brand}</b>
          <span>{shell.product}</span>
        </div>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
