import { useState } from 'react';

const STEP = 80;

/** The first rows of a list that is here as a whole, and how to draw more: a table draws no
 * thousands of rows that nobody reads. */
export function useFirst<T>(rows: T[]): { rows: T[]; more: { load: () => void; loading: boolean } | null } {
  const [most, setMost] = useState(STEP);
  const more = rows.length > most ? { load: () => setMost(most + STEP), loading: false } : null;
  return { rows: rows.slice(0, most), more };
}
