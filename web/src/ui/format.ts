import { words } from './strings';

const grouped = new Intl.NumberFormat('zh-CN');
const day = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: 'Asia/Shanghai' });
const clockTime = new Intl.DateTimeFormat('zh-CN', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
  timeZone: 'Asia/Shanghai',
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? words.none : grouped.format(value);
}

/** A large figure: (`123.4`, `万`), so that the eye has four digits at most. */
export function large(value: number | null): { figure: string; scale: string } {
  if (value === null) return { figure: words.none, scale: '' };
  const size = Math.abs(value);
  if (size >= 1e8) return { figure: (value / 1e8).toFixed(2), scale: words.yi };
  if (size >= 1e5) return { figure: (value / 1e4).toFixed(1), scale: words.wan };
  return { figure: count(Math.round(value * 100) / 100), scale: '' };
}

/** 99.95 % must not read as 100 %: rounded down. */
export function percent(part: number | null | undefined, digits = 1): string {
  if (part === null || part === undefined) return words.none;
  const scale = 10 ** digits;
  return `${(Math.floor(part * 100 * scale + 1e-9) / scale).toFixed(digits)}%`;
}

/** Of what is wrong: rounded up, so that little does not read as nothing. */
export function percentUp(part: number, digits = 1): string {
  const scale = 10 ** digits;
  return `${(Math.ceil(part * 100 * scale - 1e-9) / scale).toFixed(digits)}%`;
}

/** In the platform's zone, whatever the reader's machine says. */
export function moment(iso: string | null | undefined): string {
  if (!iso) return words.none;
  const at = new Date(iso);
  return `${day.format(at)} ${clockTime.format(at)}`;
}

export function dayOf(iso: string | Date): string {
  return day.format(new Date(iso));
}

/** To the minute, for what is due. */
export function minuteOf(iso: string | null): string {
  return iso ? moment(iso).slice(0, -3) : words.none;
}

export function timeOf(iso: string | Date): string {
  return clockTime.format(new Date(iso));
}

export function ago(iso: string, now: number): string {
  const past = now - new Date(iso).getTime();
  return past >= -5000 ? since(past) : until(-past);
}

function since(past: number): string {
  if (past < 10_000) return words.justNow;
  if (past < MINUTE) return `${Math.floor(past / 1000)} ${words.secondsAgo}`;
  if (past < HOUR) return `${Math.floor(past / MINUTE)} ${words.minutesAgo}`;
  if (past < DAY) return `${Math.floor(past / HOUR)} ${words.hoursAgo}`;
  return `${Math.floor(past / DAY)} ${words.daysAgo}`;
}

function until(left: number): string {
  if (left < MINUTE) return words.soon;
  if (left < HOUR) return `${Math.floor(left / MINUTE)} ${words.minutesLater}`;
  if (left < DAY) return `${Math.floor(left / HOUR)} ${words.hoursLater}`;
  return `${Math.floor(left / DAY)} ${words.daysLater}`;
}

export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ${words.millisecond}`;
  if (ms < MINUTE) return `${(ms / 1000).toFixed(1)} ${words.second}`;
  if (ms < HOUR) {
    return `${Math.floor(ms / MINUTE)} ${words.minute} ${Math.floor((ms % MINUTE) / 1000)} ${words.second}`;
  }
  return `${Math.floor(ms / HOUR)} ${words.hour} ${Math.floor((ms % HOUR) / MINUTE)} ${words.minute}`;
}

export function bytes(size: number | null | undefined): string {
  if (size === null || size === undefined) return words.none;
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const step = size > 0 ? Math.min(Math.floor(Math.log10(size) / 3), units.length - 1) : 0;
  return `${(size / 1000 ** step).toFixed(step ? 1 : 0)} ${units[step]}`;
}
