import { percent } from './format';

export function Progress({ part, label }: { part: number; label: string }) {
  return (
    <span className="progress" role="progressbar" aria-label={label} aria-valuenow={Math.round(part * 100)}>
      <i style={{ width: `${Math.min(100, part * 100)}%` }} />
      <span>{percent(part, 0)}</span>
    </span>
  );
}
