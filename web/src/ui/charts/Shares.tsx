import { count, percent } from '@/ui/format';
import './charts.css';

export interface Share {
  name: string;
  note?: string | null | undefined;
  count: number;
}

/** The most common values, each with its part of the whole. */
export function Shares({ shares, of, label }: { shares: Share[]; of: number; label: string }) {
  return (
    <ul className="shares" aria-label={label}>
      {shares.map((share) => (
        <li key={share.name} title={`${share.name} ${share.note ?? ''} ${count(share.count)}`}>
          <i style={{ width: `${Math.max(1, (share.count / Math.max(1, of)) * 100)}%` }} />
          <span>
            {share.name}
            {share.note && <small>{share.note}</small>}
          </span>
          <b>{percent(share.count / Math.max(1, of))}</b>
        </li>
      ))}
    </ul>
  );
}
