import { Button, Popconfirm } from 'antd';
import { useState, type Dispatch, type SetStateAction } from 'react';
import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/errors';
import { ErrorNote } from '@/ui/ErrorState';
import { Grid, lineOf } from './Grid';
import { cellOf, mendsOf, without, type Edits, type Row } from './mending';
import { useDismiss, useResend } from './queries';
import { words } from './strings';

interface Props {
  table: string;
  rows: Row[];
  summary: Schemas['QuarantineSummary'];
  edits: Edits;
  setEdits: Dispatch<SetStateAction<Edits>>;
  sent: (what: Schemas['Sent']) => void;
}

/** The steward's bench: cells to type in, and what is done with the rows. */
export function Mending({ table, rows, summary, edits, setEdits, sent }: Props) {
  const [selected, select] = useState<ReadonlySet<number>>(new Set());
  const forget = (ids: number[]) => {
    setEdits((old) => without(old, ids));
    select(new Set());
  };
  const resend = useResend(table, (what, ids) => {
    forget(ids);
    sent(what);
  });
  const dismiss = useDismiss(table, (_, ids) => forget(ids));
  const here = rows.filter((row) => selected.has(row.id));
  const changed = Object.keys(edits).map(Number);
  const elsewhere = changed.filter((id) => !rows.some((row) => row.id === id)).length;
  const send = () => {
    dismiss.reset();
    resend.mutate(mendsOf(edits, summary.columns));
  };
  const drop = () => {
    resend.reset();
    dismiss.mutate(here.map((row) => row.id));
  };
  const failed = resend.error ?? dismiss.error;
  const trouble = resend.isError ? cellOf(asApiError(resend.error).field) : null;
  return (
    <>
      <div className="bench">
        <Button
          type="primary"
          disabled={!changed.length}
          title={changed.length ? undefined : words.resendNothing}
          loading={resend.isPending}
          onClick={send}
        >
          {words.resend(changed.length)}
        </Button>
        <Drop rows={here} busy={dismiss.isPending} drop={drop} />
        {changed.length > 0 && (
          <Button type="link" onClick={() => setEdits({})}>
            {words.undo}
          </Button>
        )}
        <span className="dim bench-help">{elsewhere ? words.changedElsewhere(elsewhere) : words.gridHelp}</span>
      </div>
      {failed && <ErrorNote error={asApiError(failed)} />}
      {dismiss.isSuccess && (
        <p className="notice" role="status">
          {words.dismissed(dismiss.data.rows)}
        </p>
      )}
      <Grid
        rows={rows}
        columns={summary.columns}
        keys={summary.key}
        edits={edits}
        change={setEdits}
        selected={selected}
        select={select}
        trouble={trouble}
      />
    </>
  );
}

const NAMED = 5;

function Drop({ rows, busy, drop }: { rows: Row[]; busy: boolean; drop: () => void }) {
  const named = rows.slice(0, NAMED).map(lineOf).join('、');
  const lines = rows.length > NAMED ? named + words.more(rows.length) : named;
  return (
    <Popconfirm
      title={words.confirmDismiss(rows.length)}
      description={<div className="confirm-words">{words.confirmDismissText(lines)}</div>}
      okText={words.sureDismiss}
      okButtonProps={{ danger: true }}
      cancelText={words.keep}
      disabled={!rows.length}
      onConfirm={drop}
    >
      <Button danger disabled={!rows.length} title={rows.length ? undefined : words.dismissNothing} loading={busy}>
        {words.dismiss(rows.length)}
      </Button>
    </Popconfirm>
  );
}
