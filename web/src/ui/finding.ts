/** What is chosen from a list as one types: by its names, and by the first letters of their readings. */
export interface Known {
  value: string;
  label: string;
  /** What else it is called. */
  names: string[];
  /** First letters of the readings, parted by blanks. */
  initials: string;
}

const plain = (text: string) => text.normalize('NFKC').replace(/[\s()·、,]/g, '').toLowerCase();

/** How well something answers to what is typed: 0 best, null not at all. Of two that answer alike, the one of which
 * more was typed is meant: 民政 is more of 区民政局 than of 人民政府办公室. */
export function rankOf(one: Known, typed: string): number | null {
  const sought = plain(typed);
  if (!sought) return 0;
  const names = one.names.map(plain);
  const initials = one.initials.split(' ');
  const kinds = [
    names.filter((name) => name === sought),
    names.filter((name) => name.startsWith(sought)),
    initials.filter((letters) => letters === sought),
    names.filter((name) => name.includes(sought)),
    initials.filter((letters) => letters.startsWith(sought)),
    initials.filter((letters) => sought.length > 1 && letters.includes(sought)),
  ];
  const kind = kinds.findIndex((found) => found.length > 0);
  return kind < 0 ? null : kind * 1000 + Math.min(...(kinds[kind] ?? []).map((found) => found.length));
}

/** For a Select with a search: what stays, and in which order. */
export const finding = {
  filterOption: (typed: string, option: Known | undefined) => option !== undefined && rankOf(option, typed) !== null,
  filterSort: (one: Known, other: Known, { searchValue }: { searchValue: string }) =>
    (rankOf(one, searchValue) ?? 9999) - (rankOf(other, searchValue) ?? 9999),
};
