import { percent } from '@/ui/format';
import { words } from './strings';

const POOR = 0.95;

export function Quality({ part }: { part: number | null }) {
  if (part === null) return <span className="faint">{words.notChecked}</span>;
  return <span className={part < POOR ? 'number red' : 'number'}>{percent(part, 2)}</span>;
}
