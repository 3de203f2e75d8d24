import { stateWords } from './strings';

type State = keyof typeof stateWords;

const tones: Record<State, string> = {
  queued: 'plain',
  running: 'blue',
  done: 'green',
  failed: 'red',
  cancelled: 'plain',
  cancelling: 'blue',
  arrived: 'green',
  short: 'red',
  waiting: 'plain',
  late: 'red',
  unplanned: 'plain',
  received: 'blue',
  loaded: 'green',
  refused: 'red',
  duplicate: 'plain',
  noted: 'plain',
  open: 'red',
  accepted: 'green',
};

export function StateTag({ state }: { state: string }) {
  const known = state in stateWords;
  return (
    <span className={`state state-${known ? tones[state as State] : 'plain'}`}>
      {known ? stateWords[state as State] : state}
    </span>
  );
}

export function Tag({ children, tone = 'plain' }: { children: string; tone?: 'plain' | 'blue' | 'red' }) {
  return <span className={`tag tag-${tone}`}>{children}</span>;
}
