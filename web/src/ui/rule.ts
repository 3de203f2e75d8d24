/** What a schedule says, in plain words; a rule of another shape stays as it is written. */
export function planOf(rule: string): string {
  const every = /^every (\d+)([smhd])$/.exec(rule);
  if (every) return `每 ${every[1]} ${units[every[2] as keyof typeof units]}`;
  const fields = rule.trim().split(/\s+/);
  const [minute = '', hour = '', day, month, weekday = ''] = fields;
  if (fields.length !== 5 || month !== '*' || !number(minute)) return rule;
  if (hour === '*' && day === '*' && weekday === '*') return `每小时第 ${minute} 分`;
  if (!number(hour)) return rule;
  const at = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (day === '*' && weekday === '*') return `每天 ${at}`;
  if (day === '*' && number(weekday)) return `每周${'日一二三四五六日'[Number(weekday)]} ${at}`;
  return day && number(day) && weekday === '*' ? `每月 ${day} 日 ${at}` : rule;
}

/** A cause as it was told, its schedule in plain words. */
export function causeOf(told: string): string {
  return told.replace(/^到了时间表「(.+)」的时刻$/, (_, rule: string) => scheduled(planOf(rule)));
}

export const scheduled = (plan: string) => `到了计划的时刻:${plan}`;

const units = { s: '秒', m: '分钟', h: '小时', d: '天' };

const number = (text: string) => /^\d+$/.test(text);
