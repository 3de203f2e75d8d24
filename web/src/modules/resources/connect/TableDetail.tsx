import { Checkbox, Input, Select } from 'antd';
import { EmptyState } from '@/ui/EmptyState';
import { Columns } from './Columns';
import type { Draft, PlanTable } from './plan';
import { Preview } from './Preview';
import { words } from './strings';

interface Props {
  draft: Draft;
  table: PlanTable;
  put: (table: PlanTable) => void;
  alone: boolean;
}

/** Lines at the end that are no rows are told before they come: otherwise they wait to be put away one by one. */
function Footers({ table, set }: { table: PlanTable; set: (change: Partial<PlanTable>) => void }) {
  if (!table.footers.length) return null;
  return (
    <div className="notice footers">
      <p>{words.footers(table.footers)}</p>
      <Checkbox checked={table.leave} onChange={(event) => set({ leave: event.target.checked })}>
        {words.leaveFooters}
      </Checkbox>
      <small>{table.leave ? words.leftFooters : words.askedFooters}</small>
    </div>
  );
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
      <Footers table={table} set={set} />
      <Columns table={table} put={put} />
      <Preview draft={draft} table={table} put={put} />
    </div>
  );
}
