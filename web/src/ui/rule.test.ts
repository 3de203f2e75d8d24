import { expect, test } from 'vitest';
import { causeOf, planOf } from './rule';

test.each([
  ['30 2 * * *', '每天 02:30'],
  ['0 8 * * 1', '每周一 08:00'],
  ['0 8 * * 7', '每周日 08:00'],
  ['5 6 15 * *', '每月 15 日 06:05'],
  ['20 * * * *', '每小时第 20 分'],
  ['every 10m', '每 10 分钟'],
])('%s is %s', (rule, words) => expect(planOf(rule)).toBe(words));

test.each(['*/5 * * * *', '0 8 1 1 *', '0 8 1 * 1', '0 8-18 * * *', 'nonsense', ''])('%s stays as it is written', (rule) =>
  expect(planOf(rule)).toBe(rule),
);

test('a cause is told in words, and what is no schedule stays', () => {
  expect(causeOf('到了时间表「30 2 * * *」的时刻')).toBe('到了计划的时刻:每天 02:30');
  expect(causeOf('ods.a 有了新版本 3')).toBe('ods.a 有了新版本 3');
});
