import { useMemo } from 'react';
import { Outline } from '@/ui/Load';
import { Load } from '@/ui/Load';
import { Page, Section } from '@/ui/Page';
import { useFilter } from '@/ui/useSearch';
import { Connection } from './Connection';
import { useDraft, useKinds } from './queries';
import { Steps } from './Steps';
import { words } from './strings';
import { FileWay } from './FileWay';
import '../resources.css';
import './connect.css';

export type Way = keyof typeof words.ways;
const ways = Object.keys(words.ways) as Way[];
const isWay = (text: string): text is Way => text in words.ways;

/** The first two steps: how the data come, and the connection. What is typed is in no address. */
export function Component() {
  const [{ way, kind, draft }, set] = useFilter(['way', 'kind', 'draft']);
  const kinds = useKinds();
  const before = useDraft(draft);
  const chosen = isWay(way) ? way : null;
  return (
    <Page title={words.title} up={{ to: '/sources', title: words.up }}>
      <Steps at={chosen ? 1 : 0} to={['/sources/connect']} />
      <Section title={words.whichWay}>
        <Ways chosen={chosen} choose={(one) => set({ way: one, kind: '', draft: '' })} />
      </Section>
      {chosen && (
        <Load query={kinds} lines={5}>
          {(found) =>
            draft && before.isPending ? (
              <Outline lines={5} />
            ) : chosen === 'upload' || chosen === 'push' ? (
              <FileWay key={chosen} way={chosen} kinds={found.filter((one) => one.way === chosen)} draft={before.data} set={set} />
            ) : (
              <Chosen way={chosen} kinds={found.filter((one) => one.way === chosen)} kind={kind} draft={before.data} set={set} />
            )
          }
        </Load>
      )}
    </Page>
  );
}

function Ways({ chosen, choose }: { chosen: Way | null; choose: (way: Way) => void }) {
  return (
    <div className="ways" role="group" aria-label={words.whichWay}>
      {ways.map((way) => (
        <button key={way} type="button" className={way === chosen ? 'way way-on' : 'way'} aria-pressed={way === chosen} onClick={() => choose(way)}>
          <b>{words.ways[way].title}</b>
          <span>{words.ways[way].text}</span>
        </button>
      ))}
    </div>
  );
}

type Kinds = NonNullable<ReturnType<typeof useKinds>['data']>;
type DraftView = NonNullable<ReturnType<typeof useDraft>['data']>;

interface ChosenProps {
  way: Way;
  kinds: Kinds;
  kind: string;
  draft: DraftView | undefined;
  set: (change: Partial<Record<'way' | 'kind' | 'draft', string>>) => void;
}

function Chosen({ way, kinds, kind, draft, set }: ChosenProps) {
  const sorted = useMemo(() => [...kinds].sort((one, other) => Number(Boolean(one.driver)) - Number(Boolean(other.driver))), [kinds]);
  const found = sorted.find((one) => one.name === kind) ?? (sorted.length === 1 ? sorted[0] : undefined);
  return (
    <>
      {sorted.length > 1 && (
        <Section title={words.whichKind}>
          <div className="chips">
            {sorted.map((one) => (
              <button
                key={one.name}
                type="button"
                className={one.name === found?.name ? 'chip chip-on' : 'chip'}
                aria-pressed={one.name === found?.name}
                onClick={() => set({ kind: one.name, draft: '' })}
              >
                {one.title} {one.driver && <b>{words.noDriver}</b>}
              </button>
            ))}
          </div>
        </Section>
      )}
      {found && <Connection key={`${found.name}-${draft?.id ?? ''}`} way={way} kind={found} draft={draft?.kind === found.name ? draft : undefined} set={set} />}
    </>
  );
}
