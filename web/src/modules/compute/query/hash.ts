/** The SQL travels in the part of the address that is never sent to a server or written to a log. */
export function queryLink(sql: string): string {
  return `/query#sql=${encodeURIComponent(sql)}`;
}

export function sqlOf(hash: string): string {
  const found = /^#sql=(.*)$/s.exec(hash);
  if (!found) return '';
  try {
    return decodeURIComponent(found[1] ?? '');
  } catch {
    return '';
  }
}
