import { Button, Checkbox, Input, Select } from 'antd';
import { asApiError } from '@/api/errors';
import { AnswerTable } from '@/ui/AnswerTable';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorState';
import { Section } from '@/ui/Page';
import type { Draft, PlanColumn, PlanTable } from './plan';
import { useElements, useLook } from './queries';
import { remarksOf } from './remarks';
import { words } from './strings';

interface Props {
  draft: Draft;
  table: PlanTable;
  put: (table: PlanTable) => void;
  alone: boolean;
}

/** One table: what it is called, its key, its columns and what they mean, and some of its rows. */
export function TableDetail({ draft, table, put, alone }: Props) {
  if (table.broken) return <EmptyState title={`${words.broken}:${table.from}`} text={table.broken} />;
  const set = (change: Partial<PlanTable>) => put({ ...table, ...change });
  return (
    <div className="connect-detail">
      <div className="connect-head">
        <div>
          <label htmlFor="table-title">{words.tableTitle}</label>
          <Input id="table-title" maxLength={100} value={table.title} onChange={(event) => set({ title: event.target.value })} />
          <small>
            {table.from}
            {table.rows !== null && ` · ${words.rows(table.rows)}`} · {words.columnsOf(table.columns.length)}
          </small>
        </div>
        <div>
          <label htmlFor="table-name">{words.tableName}</label>
          <Input id="table-name" className="mono" maxLength={60} value={table.name} onChange={(event) => set({ name: event.target.value })} />
          <small>{words.tableNameHint}</small>
        </div>
        <div>
          <label htmlFor="table-key">{words.key}</label>
          <Select
            id="table-key"
            mode="multiple"
            style={{ width: '100%' }}
            value={table.key}
            onChange={(key: string[]) => set({ key, sure: table.sure })}
            options={table.columns.filter((one) => one.take).map((one) => ({ value: one.name, label: one.name }))}
          />
          <small className={table.sure ? undefined : 'guess'}>{table.sure ? words.keySure : words.keyGuess}</small>
        </div>
        {table.files !== null && (
          <div>
            <label htmlFor="table-files">{words.files}</label>
            <Input id="table-files" value={table.files} onChange={(event) => set({ files: event.target.value })} />
            <small>{words.filesHint}</small>
          </div>
        )}
        {!alone && (
          <div>
            <Checkbox checked={table.take} onChange={(event) => set({ take: event.target.checked })}>
              {words.take}
            </Checkbox>
          </div>
        )}
      </div>
      <Columns table={table} put={put} />
      <Preview draft={draft} table={table} />
    </div>
  );
}

function Columns({ table, put }: { table: PlanTable; put: (table: PlanTable) => void }) {
  const elements = useElements().data ?? [];
  const set = (name: string, change: Partial<PlanColumn>) =>
    put({ ...table, columns: table.columns.map((one) => (one.name === name ? { ...one, ...change } : one)) });
  const options = [{ value: '', label: words.noElement }, ...elements.map((one) => ({ value: one.name, label: `${one.title} ${one.name}` }))];
  const columns: Column<PlanColumn>[] = [
    {
      title: words.takeColumn,
      width: 44,
      cell: (one) => <Checkbox aria-label={`${words.takeColumn} ${one.name}`} checked={one.take} onChange={(event) => set(one.name, { take: event.target.checked })} />,
    },
    {
      title: words.column,
      width: 190,
      cell: (one) => (
        <span className="two">
          {one.name}
          <small>{one.type}</small>
        </span>
      ),
    },
    {
      title: words.itemTitle,
      cell: (one) => (
        <Input size="small" aria-label={`${words.itemTitle} ${one.name}`} disabled={!one.take} maxLength={100} value={one.title} onChange={(event) => set(one.name, { title: event.target.value })} />
      ),
    },
    {
      title: words.item,
      width: 170,
      cell: (one) => (
        <Input size="small" className="mono" aria-label={`${words.item} ${one.name}`} disabled={!one.take} maxLength={60} value={one.item} onChange={(event) => set(one.name, { item: event.target.value })} />
      ),
    },
    {
      title: words.element,
      width: 210,
      cell: (one) => (
        <Select
          size="small"
          aria-label={`${words.element} ${one.name}`}
          style={{ width: '100%' }}
          disabled={!one.take}
          showSearch={{ optionFilterProp: 'label' }}
          value={one.element ?? ''}
          onChange={(element: string) => set(one.name, { element: element || null })}
          options={options}
        />
      ),
    },
  ];
  return <DataTable label={words.column} rows={table.columns} rowKey={(one) => one.name} columns={columns} />;
}

function Preview({ draft, table }: { draft: Draft; table: PlanTable }) {
  const look = useLook(draft.id);
  const seen = look.data;
  const titles = Object.fromEntries(table.columns.map((one) => [one.name, one.title]));
  const types = new Map(table.columns.map((one) => [one.name, one.type]));
  const remarks = seen ? remarksOf(seen, table.key) : [];
  return (
    <Section title={words.preview} note={words.previewNote}>
      {!seen && (
        <Button loading={look.isPending} onClick={() => look.mutate(table.sample)}>
          {look.isPending ? words.previewing : words.showPreview}
        </Button>
      )}
      {look.isError && <ErrorNote error={asApiError(look.error)} />}
      {seen && (
        <>
          {remarks.length > 0 ? (
            <ul className="remarks" aria-label={words.wouldRefuse}>
              {remarks.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          ) : (
            <p className="green remarks">{words.remark.fine}</p>
          )}
          <AnswerTable
            label={words.preview}
            titles={titles}
            answer={{ columns: seen.columns.map((name) => [name, types.get(name)?.toUpperCase() ?? '']), rows: seen.rows, truncated: false }}
          />
        </>
      )}
    </Section>
  );
}
