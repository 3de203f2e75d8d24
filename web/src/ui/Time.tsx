import { ago, duration, moment } from './format';
import { words } from './strings';
import { useMinute, useNow } from './time';

export function TimeAgo({ at }: { at: string | null | undefined }) {
  const now = useMinute();
  if (!at) return <span className="dim">{words.none}</span>;
  return (
    <time dateTime={at} title={moment(at)}>
      {ago(at, now)}
    </time>
  );
}

export function Elapsed({ from, to }: { from: string | null; to: string | null }) {
  const now = useNow(from !== null && to === null);
  if (!from) return <span className="dim">{words.none}</span>;
  const end = to ? new Date(to).getTime() : now;
  return <span className="number">{duration(end - new Date(from).getTime())}</span>;
}
