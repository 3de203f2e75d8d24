import type { Schemas } from '@/api/client';

/** Where a matter leads for this person: what they may not open is shown by the catalogue instead,
 * or by nothing. */
export function leadsTo(item: Schemas['Attention'], may: (permission: 'sources.read' | 'runs.read') => boolean): string | null {
  const table = /^\/sources\/[^/]+\/[a-z]+\/([^/?]+)/.exec(item.link)?.[1];
  if (item.link.startsWith('/sources/') && !may('sources.read')) return table ? `/catalogue/std.${table}` : null;
  // Why a batch was not taken stands among the arrivals too.
  if (item.link.startsWith('/runs/') && !may('runs.read')) return item.agency ? `/arrivals?agency=${item.agency}` : null;
  return item.link;
}
