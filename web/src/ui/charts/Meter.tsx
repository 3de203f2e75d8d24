import './charts.css';

/** A part of a whole, as a thin bar beside its figure. */
export function Meter({ part, text, low = false }: { part: number; text: string; low?: boolean }) {
  return (
    <span className={low ? 'meter meter-low' : 'meter'}>
      <i>
        <b style={{ width: `${Math.min(1, Math.max(0, part)) * 100}%` }} />
      </i>
      {text}
    </span>
  );
}
