import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/errors';
import { AnswerTable } from '@/ui/AnswerTable';
import { ErrorNote } from '@/ui/ErrorState';
import { Section } from '@/ui/Page';
import { reproposed, type Draft, type PlanTable } from './plan';
import { useLook } from './queries';
import { remarksOf, unfitOf } from './remarks';
import { words } from './strings';

interface Props {
  draft: Draft;
  table: PlanTable;
  put: (table: PlanTable) => void;
}

/** What the columns that are taken are held to. */
function boundOf(table: PlanTable): Record<string, string> {
  return Object.fromEntries(table.columns.flatMap((one) => (one.take && one.element ? [[one.name, one.element]] : [])));
}

/** Some of its rows, and how they stand to the types, the key and the elements. */
export function Preview({ draft, table, put }: Props) {
  const look = useLook(draft.id);
  const [held, setHeld] = useState('');
  // What is changed while rows are read is not lost when they come.
  const latest = useRef(table);
  useEffect(() => {
    latest.current = table;
  }, [table]);
  const seen = look.data;
  const bound = boundOf(table);
  const now = JSON.stringify(bound);
  const send = () => {
    setHeld(now);
    look.mutate({ table: table.sample, bound }, { onSuccess: (found) => put(reproposed(latest.current, found.proposed)) });
  };
  return (
    <Section title={words.preview} note={words.previewNote}>
      {!seen && (
        <Button loading={look.isPending} onClick={send}>
          {look.isPending ? words.previewing : words.showPreview}
        </Button>
      )}
      {look.isError && <ErrorNote error={asApiError(look.error)} />}
      {seen && held !== now && (
        <p className="notice">
          {words.remark.changed}
          <Button size="small" loading={look.isPending} onClick={send}>
            {words.remark.lookAgain}
          </Button>
        </p>
      )}
      {seen && <Judged seen={seen} table={table} />}
    </Section>
  );
}

function Judged({ seen, table }: { seen: Schemas['Seen']; table: PlanTable }) {
  const titles = Object.fromEntries(table.columns.map((one) => [one.name, one.title]));
  const types = new Map(table.columns.map((one) => [one.name, one.type]));
  const remarks = remarksOf(seen, table.key);
  const unfit = unfitOf(seen);
  return (
    <>
      {remarks.length > 0 && (
        <ul className="remarks" aria-label={words.wouldRefuse}>
          {remarks.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      {unfit.length > 0 && (
        <div className="remarks remarks-unfit">
          <ul aria-label={words.unfit}>
            {unfit.map((one) => (
              <li key={one.column}>
                <b>{one.text}</b>:{one.why};{one.examples}
              </li>
            ))}
          </ul>
          <small>{words.remark.unfitNote}</small>
        </div>
      )}
      {!remarks.length && !unfit.length && <p className="green remarks">{seen.verdicts.length ? words.remark.fine : words.remark.unbound}</p>}
      <AnswerTable label={words.preview} titles={titles} answer={{ columns: seen.columns.map((name) => [name, types.get(name)?.toUpperCase() ?? '']), rows: seen.rows, truncated: false }} />
    </>
  );
}
