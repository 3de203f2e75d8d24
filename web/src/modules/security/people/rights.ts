import type { Schemas } from '@/api/client';
import { words } from './strings';

export type Person = Schemas['Person'];
export type State = keyof typeof words.states;

const STEWARD = 'steward';

/** A steward of no agency can do nothing: this is what the first account is until someone says of which. */
export const lacksAgency = (person: Pick<Person, 'roles' | 'agency'>) => person.roles.includes(STEWARD) && !person.agency;

export function stateOf(person: Person): State {
  if (person.disabled) return 'disabled';
  if (lacksAgency(person)) return 'homeless';
  return person.must_change ? 'new' : 'active';
}

/** Why these rights cannot be given together, before the platform is asked; null if they can. */
export function problemOf(roles: string[], agency: string | null | undefined, alone: Set<string>): { field: 'roles' | 'agency'; text: string } | null {
  if (roles.length > 1 && roles.some((role) => alone.has(role))) return { field: 'roles', text: words.alone };
  if (roles.includes(STEWARD) && !agency) return { field: 'agency', text: words.needAgency };
  return null;
}

/** What is missing first, then those who may come in, by name. */
export function inOrder(people: Person[]): Person[] {
  const rank: State[] = ['homeless', 'new', 'active', 'disabled'];
  const place = (one: Person) => (stateOf(one) === 'homeless' ? 0 : stateOf(one) === 'disabled' ? rank.length : 1);
  return [...people].sort((one, other) => place(one) - place(other) || one.title.localeCompare(other.title, 'zh-CN'));
}
