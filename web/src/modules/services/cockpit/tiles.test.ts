import { describe, expect, it } from 'vitest';
import { hexBoard, nameLines, stepOf } from './tiles';

describe('the schematic', () => {
  it.each([1, 2, 7, 30, 301])('keeps %i tiles inside their box and apart', (count) => {
    const { tiles, radius } = hexBoard(count, 800, 500);
    expect(tiles).toHaveLength(count);
    const half = (Math.sqrt(3) / 2) * radius;
    for (const tile of tiles) {
      expect(tile.x - half).toBeGreaterThanOrEqual(-0.01);
      expect(tile.x + half).toBeLessThanOrEqual(800.01);
      expect(tile.y - radius).toBeGreaterThanOrEqual(-0.01);
      expect(tile.y + radius).toBeLessThanOrEqual(500.01);
    }
    const [one, other] = tiles;
    if (one && other) expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(half * 2 - 0.01);
  });
  it('breaks long names', () => {
    expect(nameLines('甲乙街道')).toEqual(['甲乙街道']);
    expect(nameLines('甲乙丙丁开发区')).toEqual(['甲乙丙丁', '开发区']);
    expect(nameLines('一二三四五六七八九十一二三四')).toEqual(['一二三四五六', '七八九十一…']);
  });
  it('divides values evenly', () => {
    expect([0, 19, 20, 100].map((value) => stepOf(value, 0, 100))).toEqual([0, 0, 1, 4]);
    expect(stepOf(null, 0, 1)).toBeNull();
    expect(stepOf(5, 5, 5)).toBe(4);
  });
});
