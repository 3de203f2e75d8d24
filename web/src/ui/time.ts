import { useSyncExternalStore } from 'react';

const STEP = 1000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = Date.now();
  listeners.forEach((tell) => tell());
}

function listen(tell: () => void): () => void {
  listeners.add(tell);
  if (listeners.size === 1) {
    now = Date.now();
    timer = setInterval(tick, STEP);
  }
  return () => {
    listeners.delete(tell);
    if (listeners.size === 0) clearInterval(timer);
  };
}

const silent = () => () => undefined;

/** The moment, once a second; all that show a time share one clock. */
export function useNow(running = true): number {
  return useSyncExternalStore(running ? listen : silent, () => now);
}

/** The moment to the minute, for what need not move each second. */
export function useMinute(): number {
  return useSyncExternalStore(listen, () => Math.floor(now / 10_000) * 10_000 + 9_999);
}
