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

/** How well something answers to what is typed: 0 best, null not at all. Of two that begin with it, the shorter is meant. */
export function rankOf(one: Known, typed: string): number | null {
  const sought = plain(typed);
  if (!sought) return 0;
  const names = one.names.map(plain).filter(Boolean);
  const kinds: (readonly [boolean, number])[] = [
    [names.includes(sought), 0],
    [names.some((name) => name.startsWith(sought)), 1000],
    [one.initials.split(' ').includes(sought), 2000],
    [names.some((name) => name.includes(sought)), 3000],
    [one.initials.split(' ').some((letters) => letters.startsWith(sought)), 4000],
    [one.initials.split(' ').some((letters) => sought.length > 1 && letters.includes(sought)), 5000],
  ];
  const found = kinds.find(([holds]) => holds);
  return found ? found[1] + Math.min(...names.map((name) => name.length), 99) : null;
}

/** For a Select with a search: what stays, and in which order. */
export const finding = {
  filterOption: (typed: string, option: Known | undefined) => option !== undefined && rankOf(option, typed) !== null,
  filterSort: (one: Known, other: Known, { searchValue }: { searchValue: string }) =>
    (rankOf(one, searchValue) ?? 9999) - (rankOf(other, searchValue) ?? 9999),
};
