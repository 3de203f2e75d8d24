import { words, type Health } from './strings';

const tones: Record<Health, string> = { active: 'blue', failed: 'red', stale: 'blue', never: 'plain', fresh: 'green' };

export function HealthTag({ health, why }: { health: Health; why?: string | null | undefined }) {
  return (
    <span className={`state state-${tones[health]}`} title={why ?? ''}>
      {words[health]}
    </span>
  );
}
