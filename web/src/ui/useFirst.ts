import { useState } from 'react';

const STEP = 80;

/** The first rows of a list that is here as a whole, and how to draw more: a table draws no
 * thousands of rows that nobody reads. */
export function useFirst<T>(rows: T[], step = STEP): { rows: T[]; more: { load: () => void; loading: boolean } | null } {
  const [most, setMost] = useState(step);
  const more = rows.length > most ? { load: () => setMost(most + step), loading: false } : null;
  return { rows: rows.slice(0, most), more };
}
