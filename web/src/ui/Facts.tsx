import type { ReactNode } from 'react';

/** The head of a detail page: name over value, in one line that wraps. */
export function Facts({ facts }: { facts: (readonly [string, ReactNode] | null | false)[] }) {
  return (
    <dl className="facts">
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact[0]}>
              <dt>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
