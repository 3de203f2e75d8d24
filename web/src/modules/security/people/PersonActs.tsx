import { Popconfirm } from 'antd';
import { useState } from 'react';
import { ChangePerson } from './PersonForm';
import { useOpenPerson, useResetPerson } from './queries';
import type { Schemas } from '@/api/client';
import { asApiError, type Trouble } from '@/api/errors';
import type { Person } from './rights';
import { words } from './strings';

/** What an act had to say. The list may have lost the person's line meanwhile; it is told above the list. */
export interface Told {
  error?: Trouble;
  password?: { title: string; password: string };
}

interface Props {
  person: Person;
  choices: Schemas['People'];
  /** Whether this is who looks: one's own password is changed, not reset, and nobody shuts himself out. */
  own: boolean;
  tell: (told: Told) => void;
}

/** What can be done to one person; what cannot be undone asks first. */
export function PersonActs({ person, choices, own, tell }: Props) {
  const [changing, change] = useState(false);
  return (
    <span className="acts">
      <button className="link" aria-label={words.changeOf(person.title)} onClick={() => change(true)}>
        {words.change}
      </button>
      {!own && <Reset person={person} tell={tell} />}
      {!own && <Open person={person} tell={tell} />}
      {changing && <ChangePerson person={person} choices={choices} close={() => change(false)} />}
    </span>
  );
}

function Reset({ person, tell }: Pick<Props, 'person' | 'tell'>) {
  const reset = useResetPerson(person.name);
  const act = () =>
    reset.mutate(undefined, {
      onSuccess: ({ password }) => tell({ password: { title: person.title, password } }),
      onError: (error) => tell({ error: asApiError(error) }),
    });
  return (
    <Popconfirm
      placement="topRight"
      title={words.resetOf(person.title)}
      description={<div className="asked">{words.resetText}</div>}
      okText={words.reset}
      cancelText={words.keep}
      onConfirm={act}
    >
      <button className="link" aria-label={words.resetOf(person.title)}>
        {words.reset}
      </button>
    </Popconfirm>
  );
}

function Open({ person, tell }: Pick<Props, 'person' | 'tell'>) {
  const set = useOpenPerson();
  const act = (open: boolean) =>
    set.mutate({ name: person.name, open }, { onSuccess: () => tell({}), onError: (error) => tell({ error: asApiError(error) }) });
  if (person.disabled) {
    return (
      <button className="link" aria-label={words.enableOf(person.title)} onClick={() => act(true)}>
        {words.enable}
      </button>
    );
  }
  return (
    <Popconfirm
      placement="topRight"
      title={words.disableOf(person.title)}
      description={<div className="asked">{words.disableText}</div>}
      okText={words.disable}
      cancelText={words.keep}
      okButtonProps={{ danger: true }}
      onConfirm={() => act(false)}
    >
      <button className="red" aria-label={words.disableOf(person.title)}>
        {words.disable}
      </button>
    </Popconfirm>
  );
}
