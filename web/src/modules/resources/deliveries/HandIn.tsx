import { Button, Input, Select } from 'antd';
import { useRef, useState } from 'react';
import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/errors';
import { ErrorNote } from '@/ui/ErrorState';
import { Section } from '@/ui/Page';
import { Progress } from '@/ui/Progress';
import { DropBox } from './DropBox';
import { useHandIn } from './queries';
import { Receipt } from './Receipt';
import { words } from './strings';

type Delivery = Schemas['Delivery'];

interface Props {
  tables: Schemas['TableView'][];
  chosen: string;
  batches: Delivery[];
}

/** 交一批: a file, its batch number and what the agency states of it. */
export function HandIn({ tables, chosen, batches }: Props) {
  const [file, setFile] = useState<File | null>(null);
  const [said, setSaid] = useState({ table: chosen, number: '', rows: '' });
  const [part, setPart] = useState(0);
  const leave = useRef<AbortController | null>(null);
  const hand = useHandIn();
  const table = said.table || (tables.length === 1 ? (tables[0]?.name ?? '') : '');
  const badRows = !/^\d*$/.test(said.rows.trim());
  const missing = !file ? words.needFile : !table ? words.needTable : badRows ? words.badRows : null;
  const set = (change: Partial<typeof said>) => setSaid((old) => ({ ...old, ...change }));
  const send = () => {
    if (!file || missing) return;
    leave.current = new AbortController();
    setPart(0);
    hand.mutate(
      { ...said, table, file, progress: setPart, signal: leave.current.signal },
      {
        onSuccess: () => {
          setFile(null);
          set({ number: '', rows: '' });
        },
      },
    );
  };
  const given = hand.data;
  const aborted = hand.error instanceof DOMException;
  return (
    <Section title={words.handIn}>
      <form
        className="hand"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <DropBox
          file={file}
          disabled={hand.isPending}
          take={(taken) => {
            hand.reset();
            setFile(taken);
          }}
        />
        <div className="hand-fields">
          {tables.length > 1 && (
            <div>
              <label htmlFor="hand-table">{words.table}</label>
              <Select
                id="hand-table"
                style={{ width: '100%' }}
                showSearch={{ optionFilterProp: 'label' }}
                value={table || null}
                onChange={(name: string) => set({ table: name })}
                options={tables.map((one) => ({ value: one.name, label: one.title }))}
              />
            </div>
          )}
          <div>
            <label htmlFor="hand-number">{words.number}</label>
            <Input id="hand-number" maxLength={100} value={said.number} onChange={(event) => set({ number: event.target.value })} />
            <small>{words.numberHint}</small>
          </div>
          <div>
            <label htmlFor="hand-rows">{words.rows}</label>
            <Input
              id="hand-rows"
              inputMode="numeric"
              maxLength={12}
              value={said.rows}
              {...(badRows ? { status: 'error' as const, 'aria-invalid': true } : {})}
              onChange={(event) => set({ rows: event.target.value })}
            />
            <small className={badRows ? 'red' : undefined}>{badRows ? words.badRows : words.rowsHint}</small>
          </div>
          <div className="row">
            <Button type="primary" htmlType="submit" disabled={missing !== null} title={missing ?? undefined} loading={hand.isPending}>
              {words.send}
            </Button>
            {hand.isPending && (
              <>
                <Progress part={part} label={words.sending} />
                <Button type="link" onClick={() => leave.current?.abort()}>
                  {words.cancel}
                </Button>
              </>
            )}
          </div>
        </div>
      </form>
      {hand.isError && !aborted && <ErrorNote error={asApiError(hand.error)} />}
      {given && <Receipt batch={batches.find((one) => one.id === given.id) ?? given} />}
    </Section>
  );
}
