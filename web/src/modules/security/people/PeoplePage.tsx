import { Button, Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import type { Schemas } from '@/api/client';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorState';
import { rankOf } from '@/ui/finding';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { TimeAgo } from '@/ui/Time';
import { useFilter } from '@/ui/useSearch';
import { useMe } from '../queries';
import { FirstPassword } from './FirstPassword';
import { PersonActs, type Told } from './PersonActs';
import { NewPerson } from './PersonForm';
import { usePeople } from './queries';
import { inOrder, lacksAgency, stateOf, type Person, type State } from './rights';
import { words } from './strings';
import './people.css';

type Choices = Schemas['People'];

export function Component() {
  const people = usePeople();
  const [adding, add] = useState(false);
  return (
    <Page
      title={words.title}
      note={words.note}
      action={
        <Button type="primary" disabled={!people.data} onClick={() => add(true)}>
          {words.add}
        </Button>
      }
    >
      <Load query={people} lines={8}>
        {(found) => (
          <>
            <List choices={found} />
            {adding && <NewPerson choices={found} close={() => add(false)} />}
          </>
        )}
      </Load>
    </Page>
  );
}

function List({ choices }: { choices: Choices }) {
  const [{ text, role, state }, set] = useFilter(['text', 'role', 'state']);
  const [told, tell] = useState<Told>({});
  const me = useMe();
  const answers = useAnswers(choices);
  const shown = choices.people.filter(
    (one) => answers(one, text) && (!role || one.roles.includes(role)) && (!state || stateOf(one) === state),
  );
  return (
    <>
      <div className="filters">
        <Input
          allowClear
          aria-label={words.find}
          placeholder={words.find}
          style={{ width: 240 }}
          value={text}
          onChange={(event) => set({ text: event.target.value })}
        />
        <Select
          aria-label={words.role}
          style={{ width: 150 }}
          value={role}
          onChange={(value: string) => set({ role: value })}
          options={[{ value: '', label: words.allRoles }, ...choices.roles.map((one) => ({ value: one.name, label: one.title }))]}
        />
        <Select
          aria-label={words.state}
          style={{ width: 150 }}
          value={state}
          onChange={(value: string) => set({ state: value })}
          options={[{ value: '', label: words.allStates }, ...Object.entries(words.states).map(([value, label]) => ({ value, label }))]}
        />
        {(text || role || state) && (
          <Button type="link" onClick={() => set({ text: '', role: '', state: '' })}>
            {words.clear}
          </Button>
        )}
      </div>
      {told.error && <ErrorNote error={told.error} />}
      {told.password && <FirstPassword {...told.password} close={() => tell({})} />}
      <DataTable
        label={words.title}
        rows={inOrder(shown)}
        rowKey={(one) => one.name}
        columns={columnsOf(choices, (one) => <PersonActs person={one} choices={choices} own={one.name === me.data?.name} tell={tell} />)}
        empty={<EmptyState title={choices.people.length ? words.noMatch : words.nobody} text={choices.people.length ? words.noMatchText : words.nobodyText} />}
      />
    </>
  );
}

/** Whether a person is meant by what was typed: by name, or by the agency as it is found elsewhere. */
function useAnswers({ agencies }: Choices): (person: Person, typed: string) => boolean {
  const known = new Map(agencies.map((one) => [one.code, one]));
  return (person, typed) => {
    const of = known.get(person.agency ?? '');
    const names = [person.title, person.name, ...(of ? [of.short, of.title, of.code] : [])];
    return rankOf({ value: '', label: '', names, initials: of?.initials ?? '' }, typed) !== null;
  };
}

function columnsOf(choices: Choices, acts: (person: Person) => ReactNode): Column<Person>[] {
  const roles = new Map(choices.roles.map((one) => [one.name, one.title]));
  const agencies = new Map(choices.agencies.map((one) => [one.code, one]));
  return [
    { title: words.person, cell: (one) => <span title={one.title}>{one.title}</span> },
    { title: words.name, cell: (one) => <code title={one.name}>{one.name}</code> },
    { title: words.role, cell: (one) => roleWords(one, roles) },
    { title: words.agency, cell: (one) => <Agency person={one} known={agencies.get(one.agency ?? '')} /> },
    { title: words.state, width: 140, cell: (one) => <StateWord state={stateOf(one)} /> },
    { title: words.seen, width: 120, cell: (one) => (one.last_seen_at ? <TimeAgo at={one.last_seen_at} /> : <span className="dim">{words.never}</span>) },
    { title: '', width: 170, right: true, cell: acts },
  ];
}

function roleWords(person: Person, roles: Map<string, string>) {
  const text = person.roles.map((role) => roles.get(role) ?? role).join('、');
  return <span title={text}>{text}</span>;
}

function Agency({ person, known }: { person: Person; known: Schemas['AgencyChoice'] | undefined }) {
  if (person.agency) return <span title={known?.title}>{known?.short ?? person.agency}</span>;
  return lacksAgency(person) ? <span className="red">{words.needsAgency}</span> : <span className="dim">{words.noAgency}</span>;
}

const tones: Record<State, string> = { active: 'green', new: 'dim', disabled: 'dim', homeless: 'red' };

const StateWord = ({ state }: { state: State }) => <span className={tones[state]}>{words.states[state]}</span>;
