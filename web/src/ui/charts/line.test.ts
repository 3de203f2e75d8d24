import { describe, expect, it } from 'vitest';
import { placed } from './line';

const point = (value: number | null) => ({ name: String(value), value, text: '' });

describe('a line', () => {
  it('goes from the lowest to the highest', () => {
    const found = placed([point(1), point(3), point(2)], 100, 10, false);
    expect(found.map(({ x, y }) => [x, y])).toEqual([
      [0, 10],
      [50, 0],
      [100, 5],
    ]);
  });
  it('leaves out what was not measured, and keeps the places of the others', () => {
    const found = placed([point(null), point(5), point(10)], 100, 10, true);
    expect(found.map(({ x, y }) => [x, y])).toEqual([
      [50, 5],
      [100, 0],
    ]);
  });
  it('stands on one level when nothing changes', () => {
    expect(placed([point(7), point(7)], 100, 10, false).map(({ y }) => y)).toEqual([5, 5]);
    expect(placed([point(0), point(0)], 100, 10, true).map(({ y }) => y)).toEqual([5, 5]);
    expect(placed([point(4)], 100, 10, true)).toMatchObject([{ x: 50, y: 0 }]);
  });
});
