import type { Schemas } from '@/api/client';
import { pagingWords } from './strings';

/** The parameters of paging belong to no item, and have names of their own. */
export function titleOf(parameter: Schemas['Parameter']): string {
  return parameter.title === parameter.name ? (pagingWords[parameter.name] ?? parameter.name) : parameter.title;
}
