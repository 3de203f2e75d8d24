import { Link } from 'react-router';
import { words } from './strings';

/** Where one is; steps that are behind can be gone back to. */
export function Steps({ at, to }: { at: number; to: (string | null)[] }) {
  return (
    <ol className="steps" aria-label={words.stepsLabel}>
      {words.steps.map((title, place) => {
        const address = place < at ? to[place] : null;
        return (
          <li key={title} className={place === at ? 'step step-on' : place < at ? 'step step-past' : 'step'} aria-current={place === at ? 'step' : undefined}>
            <i>{place + 1}</i>
            {address ? <Link to={address}>{title}</Link> : <span>{title}</span>}
          </li>
        );
      })}
    </ol>
  );
}
