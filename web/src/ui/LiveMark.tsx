import { words } from './strings';

export function LiveMark({ on }: { on: boolean }) {
  return <span className={on ? 'live live-on' : 'live'}>{on ? words.live : words.reconnecting}</span>;
}
