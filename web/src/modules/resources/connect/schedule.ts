/** A schedule in plain words, and the rule behind it. */
export type Schedule =
  | { by: 'daily'; at: string }
  | { by: 'weekly'; at: string; weekday: number }
  | { by: 'monthly'; at: string; day: number }
  | { by: 'hourly'; minute: number }
  | { by: 'minutes'; every: number }
  | { by: 'never' }
  | { by: 'cron'; rule: string };

const clock = (text: string) => {
  const [hour = '0', minute = '0'] = text.split(':');
  return `${Number(minute)} ${Number(hour)}`;
};

/** What the platform keeps: five fields of cron, an interval, or nothing. */
export function ruleOf(one: Schedule): string | null {
  switch (one.by) {
    case 'daily':
      return `${clock(one.at)} * * *`;
    case 'weekly':
      return `${clock(one.at)} * * ${one.weekday}`;
    case 'monthly':
      return `${clock(one.at)} ${one.day} * *`;
    case 'hourly':
      return `${one.minute} * * * *`;
    case 'minutes':
      return `every ${one.every}m`;
    case 'never':
      return null;
    case 'cron':
      return one.rule.trim() || null;
  }
}

export const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

const looksLikeRule = (rule: string) => /^every [1-9]\d{0,4}[smhd]$/.test(rule) || rule.split(/\s+/).length === 5;

/** Whether it can be sent; the platform checks it again. */
export function isFit(one: Schedule): boolean {
  if ('at' in one) return isTime(one.at);
  return one.by !== 'cron' || looksLikeRule(one.rule.trim());
}
