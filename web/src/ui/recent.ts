/** What a person looked at last, kept in the browser and nowhere else. */
export interface Look {
  to: string;
  title: string;
}

const MOST = 12;
const slot = (person: string) => `haina.recent.${person}`;

let who = '';

/** Whose looks are kept from now on: pages do not know who looks at them. */
export function lookAs(person: string): void {
  who = person;
}

export function looks(person: string): Look[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(slot(person)) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isLook) : [];
  } catch {
    return [];
  }
}

export function remember(look: Look): void {
  if (!who) return;
  const others = looks(who).filter((one) => one.to !== look.to);
  try {
    localStorage.setItem(slot(who), JSON.stringify([look, ...others].slice(0, MOST)));
  } catch {
    // A full or forbidden store: nothing of worth is lost.
  }
}

function isLook(value: unknown): value is Look {
  const one = value as Partial<Look> | null;
  return typeof one?.to === 'string' && one.to.startsWith('/') && !one.to.startsWith('//') && typeof one.title === 'string';
}
