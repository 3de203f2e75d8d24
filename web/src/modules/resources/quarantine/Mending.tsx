import { Button, Popconfirm } from 'antd';
import { useCallback, useState } from 'react';
import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/errors';
import { ErrorNote } from '@/ui/ErrorState';
import { Grid, lineOf } from './Grid';
import { LeaveGuard } from './LeaveGuard';
import { cellOf, mendsOf, without, type Edits, type Row } from './mending';
import { useDismiss, useResend } from './queries';
import { words } from './strings';

interface Props {
  table: string;
  rows: Row[];
  summary: Schemas['QuarantineSummary'];
  sent: (what: Schemas['Sent']) => void;
}

/** The steward's bench: cells to type in, and what is done with the rows. */
export function Mending({ table, rows, summary, sent }: Props) {
  const [edits, setEdits] = useState<Edits>({});
  const [selected, select] = useState<ReadonlySet<number>>(new Set());
  const resend = useResend(table);
  const dismiss = useDismiss(table);
  const here = rows.filter((row) => selected.has(row.id));
  const changed = Object.keys(edits).map(Number);
  const elsewhere = changed.filter((id) => !rows.some((row) => row.id === id)).length;
  const change = useCallback((make: (edits: Edits) => Edits) => setEdits(make), []);
  const forget = (ids: number[]) => {
    setEdits((old) => without(old, ids));
    select(new Set());
  };
  const send = () => {
    dismiss.reset();
    resend.mutate(mendsOf(edits, summary.columns), {
      onSuccess: (what) => {
        forget(changed);
        sent(what);
      },
    });
  };
  const drop = () => {
    resend.reset();
    const ids = here.map((row) => row.id);
    dismiss.mutate(ids, { onSuccess: () => forget(ids) });
  };
  const failed = resend.error ?? dismiss.error;
  const trouble = resend.isError ? cellOf(asApiError(resend.error).field) : null;
  return (
    <>
      <LeaveGuard dirty={changed.length > 0 && !resend.isPending} />
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
        change={change}
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
