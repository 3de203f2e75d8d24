import { Link } from 'react-router';
import { EmptyState } from '@/ui/EmptyState';
import { Load } from '@/ui/Load';
import { Section } from '@/ui/Page';
import { usePeople } from './queries';
import { stateOf } from './rights';
import { words } from './strings';

/** On the workbench of who steers people: who cannot work yet, and the way to all of them. */
export function PeopleWaiting() {
  const people = usePeople();
  return (
    <Load query={people} lines={3}>
      {({ people: all }) => {
        const lost = all.filter((one) => stateOf(one) === 'homeless');
        if (!lost.length) {
          return (
            <EmptyState title={words.allSet}>
              <Link to="/people">{words.toPeople(all.length)}</Link>
            </EmptyState>
          );
        }
        return (
          <Section title={words.waiting} note={<Link to="/people?state=homeless">{words.toHomeless}</Link>}>
            <ul className="attention">
              {lost.slice(0, 8).map((one) => (
                <li key={one.name}>
                  <Link to={`/people?text=${encodeURIComponent(one.name)}`}>{words.isHomeless(one.title)}</Link>
                </li>
              ))}
            </ul>
          </Section>
        );
      }}
    </Load>
  );
}
