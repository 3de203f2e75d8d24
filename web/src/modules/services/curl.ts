import type { Schemas } from '@/api/client';

/** A call as an integrator types it. By POST, so that what is asked for stays out of addresses. */
export function curlOf(origin: string, name: string, parameters: Schemas['Parameter'][]): string {
  const shown = parameters.filter((one) => one.needed);
  const body = JSON.stringify(Object.fromEntries(shown.map((one) => [one.name, '…'])));
  return [
    `curl -X POST '${origin}/data/${name}' \\`,
    `  -H 'Authorization: Bearer hk_…' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${body}'`,
  ].join('\n');
}
