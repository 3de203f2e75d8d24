/** A push as the agency's programmer types it. */
export function pushCurl(origin: string, table: string, key: string): string {
  return [
    `curl -X POST '${origin}/push/${table}' \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    `  -H 'Content-Type: text/csv' \\`,
    `  -H 'Haina-Batch: 2026-02' \\`,
    `  -H 'Haina-Statement: {"rows": 118}' \\`,
    `  --data-binary @batch.csv`,
  ].join('\n');
}
