import { describe, expect, it } from 'vitest';
import { ago, bytes, count, duration, large, minuteOf, moment, percent, percentUp } from './format';

describe('format', () => {
  it('never rounds a bad share up to the whole', () => {
    expect(percent(0.99999)).toBe('99.9%');
    expect(percent(1)).toBe('100.0%');
    expect(percent(0.989, 1)).toBe('98.9%');
    expect(percent(null)).toBe('—');
    expect(percentUp(0.00001)).toBe('0.1%');
    expect(percentUp(0)).toBe('0.0%');
  });
  it('says large figures in 万 and 亿', () => {
    expect(large(1_234_567)).toEqual({ figure: '123.5', scale: '万' });
    expect(large(234_567_890)).toEqual({ figure: '2.35', scale: '亿' });
    expect(large(12_345)).toEqual({ figure: '12,345', scale: '' });
    expect(large(null)).toEqual({ figure: '—', scale: '' });
  });
  it('tells the time of the platform', () => {
    expect(moment('2026-11-23T19:41:42.631Z')).toBe('2026-11-24 03:41:42');
    expect(minuteOf('2026-11-23T19:41:42.631Z')).toBe('2026-11-24 03:41');
  });
  it('tells past and future', () => {
    const now = Date.parse('2026-11-23T12:00:00Z');
    expect(ago('2026-11-23T11:59:58Z', now)).toBe('刚刚');
    expect(ago('2026-11-23T11:15:00Z', now)).toBe('45 分钟前');
    expect(ago('2026-11-23T15:00:00Z', now)).toBe('3 小时后');
  });
  it('tells lengths and sizes', () => {
    expect(duration(310)).toBe('310 毫秒');
    expect(duration(65_000)).toBe('1 分 5 秒');
    expect(bytes(705_857)).toBe('705.9 KB');
    expect(count(1020)).toBe('1,020');
  });
});
