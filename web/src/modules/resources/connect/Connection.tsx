import { Button } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/errors';
import { ErrorNote } from '@/ui/ErrorState';
import { Section } from '@/ui/Page';
import { FieldsForm } from './FieldsForm';
import { useTest } from './queries';
import { words } from './strings';
import { blockOf, startValues, type Values } from './values';

interface Props {
  way: Schemas['DraftView']['way'];
  kind: Schemas['ConnectKind'];
  draft: Schemas['DraftView'] | undefined;
  set: (change: { kind?: string; draft?: string }) => void;
}

/** The connection and its test, the answer in its place. What is typed stays in this page. */
export function Connection({ way, kind, draft, set }: Props) {
  const [values, setValues] = useState<Values>(() => startValues(kind.fields, draft?.connection as Values | undefined));
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [reached, setReached] = useState(draft?.tables ? draft : undefined);
  const test = useTest();
  const go = useNavigate();
  const kept = draft?.secrets ?? [];
  const change = (next: Values) => {
    setValues(next);
    setReached(undefined);
    setProblems({});
    test.reset();
  };
  const send = () => {
    const { block, problems: found } = blockOf(kind.fields, values, kept);
    setProblems(found);
    if (Object.keys(found).length) return;
    test.mutate(
      { way, kind: kind.name, connection: block, draft: draft?.id ?? null },
      {
        onSuccess: (made) => {
          setReached(made);
          if (made.id !== draft?.id) set({ kind: kind.name, draft: made.id });
        },
        onError: (error) => setProblems(placed(asApiError(error))),
      },
    );
  };
  if (kind.driver) return <NoDriver kind={kind} />;
  return (
    <Section title={words.connection} note={kind.fields.some((one) => one.shape === 'secret') ? words.secretNote : null}>
      <form
        className="fields"
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <FieldsForm fields={kind.fields} values={values} change={change} problems={problems} kept={kept} />
        {test.isError && <ErrorNote error={asApiError(test.error)} />}
        <div className="row fields-end">
          <Button type={reached ? 'default' : 'primary'} htmlType="submit" loading={test.isPending}>
            {words.test}
          </Button>
          {test.isPending && <span className="dim">{words.testing}</span>}
          {reached && (
            <>
              <span className="green" role="status">
                {words.reached(reached.tables?.length ?? 0)}
              </span>
              <Button type="primary" onClick={() => void go(`/sources/connect/${reached.id}/tables`)}>
                {words.toTables}
              </Button>
            </>
          )}
        </div>
      </form>
    </Section>
  );
}

function placed(error: { field: string | null; message: string }): Record<string, string> {
  return error.field ? { [error.field.replace(/^connection\./, '')]: error.message } : {};
}

function NoDriver({ kind }: { kind: Schemas['ConnectKind'] }) {
  return (
    <Section title={words.connection}>
      <div className="notice">
        <b>{words.noDriverNote(kind.title, kind.driver ?? '')}</b>
        <span>{kind.driver_hint}</span>
      </div>
    </Section>
  );
}

