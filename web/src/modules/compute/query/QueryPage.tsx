import { useCallback, useEffect, useMemo, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useMay, useMe } from '@/modules/security/queries';
import { EmptyState } from '@/ui/EmptyState';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { namesIn } from '@/ui/sql/schema';
import { SqlEditor } from '@/ui/sql/Sql';
import { queryLink, sqlOf } from './hash';
import { readPast, remembered, writePast } from './history';
import { useAskable, useColumns, useQuestion, type Outcome } from './queries';
import { QueryBar } from './QueryBar';
import { Results } from './Results';
import { Tables } from './Tables';
import { words } from './strings';
import './query.css';

export function Component() {
  const may = useMay();
  return (
    <Page title={words.title} note={words.note}>
      {may('data.query') ? <Query /> : <EmptyState title={words.noRight} text={words.noRightText} />}
    </Page>
  );
}

const PAUSE = 500;

/** The text, and the same text in the address once the hand rests. */
function useText() {
  const location = useLocation();
  const navigate = useNavigate();
  const told = sqlOf(location.hash);
  const [text, setText] = useState(told);
  const [seen, see] = useState(told);
  const [own, write] = useState(told);
  // An address that we did not write ourselves was opened: its text takes the place of ours.
  if (seen !== told) {
    see(told);
    if (told !== own) setText(told);
  }
  useEffect(() => {
    if (text === told) return undefined;
    const timer = setTimeout(() => {
      write(text);
      void navigate(text ? queryLink(text) : '/query', { replace: true });
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text, told, navigate]);
  return [text, setText] as const;
}

function useRested<T>(value: T): T {
  const [rested, rest] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => rest(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

function Query() {
  const me = useMe().data;
  const person = me?.name ?? '';
  const [text, setText] = useText();
  const [rows, setRows] = useState(1000);
  const [past, setPast] = useState(() => readPast(person));
  const remember = useCallback(
    (sql: string, { answer, ms }: Outcome) =>
      setPast((old) => {
        const next = remembered(old, { sql, at: new Date().toISOString(), rows: answer?.rows.length ?? null, ms });
        writePast(person, next);
        return next;
      }),
    [person],
  );
  const { outcome, started, stopping, run, cancel } = useQuestion(remember);
  const asked = useAskable(true);
  const askable = asked.data;
  const named = useColumns(namesIn(useRested(text))).data;
  const tables = useMemo(() => {
    const known = new Map((named ?? []).map((one) => [one.name, one]));
    return (askable ?? []).map((one) => known.get(one.name) ?? one);
  }, [askable, named]);
  const titles = useMemo(
    () => Object.fromEntries((named ?? []).flatMap((table) => table.columns.filter((one) => one.title !== one.name).map((one) => [one.name, one.title]))),
    [named],
  );
  const wrongAt = useMemo(() => placeOf(outcome), [outcome]);
  const ask = () => void run(text, rows);
  const forget = () => {
    writePast(person, []);
    setPast([]);
  };
  const insert = (name: string) => setText(text ? `${text}${/[\s(,.]$/.test(text) ? '' : ' '}${name}` : `SELECT *\nFROM ${name}\nLIMIT 100`);
  return (
    <div className="query">
      <div className="query-main">
        <SqlEditor text={text} onChange={setText} onRun={ask} tables={tables} wrongAt={wrongAt} />
        <QueryBar text={text} rows={rows} setRows={setRows} started={started} stopping={stopping} run={ask} cancel={cancel} answered={Boolean(outcome?.answer)} />
        <Results outcome={outcome} busy={started !== null} titles={titles} past={past} reuse={setText} forget={forget} />
      </div>
      <Load query={asked}>{() => <Tables tables={tables} named={named ?? []} insert={insert} />}</Load>
    </div>
  );
}

function placeOf(outcome: Outcome | null): { line: number; column: number } | null {
  const found = outcome?.error && /第 (\d+) 行第 (\d+) 列/.exec(outcome.error.message);
  return found ? { line: Number(found[1]), column: Number(found[2]) } : null;
}
