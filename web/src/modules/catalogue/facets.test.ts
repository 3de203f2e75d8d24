import { describe, expect, it } from 'vitest';
import { choicesOf, type Facets } from './facets';

const facets: Facets = {
  agency: { a: 2, b: 5 },
  zone: { topic: 1, std: 6 },
  theme: { '': 3, 人口: 4 },
  grade: { '3': 2 },
  sharing: {},
  fresh: { never: 1, day: 6 },
  quality: { poor: 7 },
};
const upper = (code: string) => code.toUpperCase();

describe('the values of a facet', () => {
  it('stand in the order that people know', () => {
    expect(choicesOf('zone', facets, '', upper).map(([value]) => value)).toEqual(['std', 'topic']);
    expect(choicesOf('fresh', facets, '', upper).map(([value]) => value)).toEqual(['day', 'never']);
  });
  it('or the most common first, by their names', () => {
    expect(choicesOf('agency', facets, '', upper)).toEqual([
      ['b', 'B', 5],
      ['a', 'A', 2],
    ]);
  });
  it('keep what is chosen, though it leaves nothing', () => {
    expect(choicesOf('quality', facets, 'clean', upper).map(([value, , count]) => [value, count])).toEqual([
      ['clean', 0],
      ['poor', 7],
    ]);
    expect(choicesOf('agency', facets, 'c', upper)[2]).toEqual(['c', 'C', 0]);
  });
  it('leave out what has no name', () => {
    expect(choicesOf('theme', facets, '', upper)).toEqual([['人口', '人口', 4]]);
  });
});
