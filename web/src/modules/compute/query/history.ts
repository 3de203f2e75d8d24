export interface Past {
  sql: string;
  at: string;
  rows: number | null;
  ms: number;
}

const KEY = 'haina.queries';
const MOST = 50;
const LONGEST = 20_000;

/** The newest first; what was asked again moves up instead of standing twice. */
export function remembered(old: Past[], fresh: Past): Past[] {
  if (!fresh.sql || fresh.sql.length > LONGEST) return old;
  return [fresh, ...old.filter((one) => one.sql !== fresh.sql)].slice(0, MOST);
}

/** Each person's own, though the machine is shared. */
export function readPast(person: string): Past[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(`${KEY}.${person}`) ?? '[]');
    return Array.isArray(found) ? found.filter(isPast) : [];
  } catch {
    return [];
  }
}

export function writePast(person: string, past: Past[]): void {
  try {
    localStorage.setItem(`${KEY}.${person}`, JSON.stringify(past));
  } catch {
    // A full or forbidden store costs the history, never the query.
  }
}

function isPast(one: unknown): one is Past {
  const past = one as Past | null;
  return typeof past === 'object' && past !== null && typeof past.sql === 'string' && typeof past.at === 'string' && typeof past.ms === 'number';
}
