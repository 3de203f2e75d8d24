import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { EmptyState } from '@/ui/EmptyState';
import { count } from '@/ui/format';
import { LinkButton } from '@/ui/LinkButton';
import { useFilter } from '@/ui/useSearch';
import { tablesProblem, type Draft, type Plan, type PlanTable } from './plan';
import { words } from './strings';
import { TableDetail } from './TableDetail';

const SHOWN = 200;

interface Props {
  draft: Draft;
  plan: Plan;
  change: (plan: Plan) => void;
  again: string;
}

/** Which tables, and what each of them is: the list on the left, the one that is looked at beside it. */
export function Tables({ draft, plan, change, again }: Props) {
  const [{ table }, set] = useFilter(['table']);
  const [tried, setTried] = useState(false);
  const go = useNavigate();
  const open = plan.tables.find((one) => one.from === table) ?? plan.tables.find((one) => one.take) ?? plan.tables[0];
  const problem = tablesProblem(plan);
  const put = (next: PlanTable) => change({ ...plan, tables: plan.tables.map((one) => (one.from === next.from ? next : one)) });
  const next = () => {
    setTried(true);
    if (!problem) void go(`/sources/connect/${draft.id}/mode`);
  };
  if (!open) {
    return (
      <EmptyState title={words.noTables} text={words.noTablesText}>
        <LinkButton to={again}>{words.again}</LinkButton>
      </EmptyState>
    );
  }
  return (
    <>
      <div className={plan.tables.length > 1 ? 'connect-two' : undefined}>
        {plan.tables.length > 1 && (
          <TableList plan={plan} open={open.from} choose={(from) => set({ table: from })} change={change} more={draft.more} />
        )}
        <TableDetail key={open.from} draft={draft} table={open} put={put} alone={plan.tables.length === 1} />
      </div>
      <div className="row connect-end">
        <LinkButton to={again}>{words.back}</LinkButton>
        <Button type="primary" onClick={next}>
          {words.toMode}
        </Button>
        <span className="dim">{words.chosen(plan.tables.filter((one) => one.take).length)}</span>
        {tried && problem && (
          <span className="red" role="alert">
            {problem}
          </span>
        )}
      </div>
    </>
  );
}

interface ListProps {
  plan: Plan;
  open: string;
  choose: (from: string) => void;
  change: (plan: Plan) => void;
  more: number;
}

function TableList({ plan, open, choose, change, more }: ListProps) {
  const [find, setFind] = useState('');
  const sought = find.trim().toLowerCase();
  const found = plan.tables.filter((one) => !sought || `${one.from} ${one.title}`.toLowerCase().includes(sought));
  const takeAll = (take: boolean) => {
    const names = new Set(found.map((one) => one.from));
    change({ ...plan, tables: plan.tables.map((one) => (names.has(one.from) ? { ...one, take: take && !one.broken } : one)) });
  };
  const toggle = (from: string) => change({ ...plan, tables: plan.tables.map((one) => (one.from === from ? { ...one, take: !one.take } : one)) });
  return (
    <section className="connect-list" aria-label={words.tablesLabel}>
      <Input allowClear aria-label={words.find} placeholder={words.find} value={find} onChange={(event) => setFind(event.target.value)} />
      <div className="row">
        <Button size="small" type="link" onClick={() => takeAll(true)}>
          {words.all}
        </Button>
        <Button size="small" type="link" onClick={() => takeAll(false)}>
          {words.no}
        </Button>
        <span className="dim">
          {words.chosen(plan.tables.filter((one) => one.take).length)} / {count(plan.tables.length)}
        </span>
      </div>
      <ul>
        {found.slice(0, SHOWN).map((one) => (
          <li key={one.from} className={one.from === open ? 'on' : undefined}>
            <Checkbox aria-label={`${words.take} ${one.title}`} checked={one.take} disabled={one.broken !== null} onChange={() => toggle(one.from)} />
            <button type="button" aria-current={one.from === open} onClick={() => choose(one.from)}>
              <span>{one.title}</span>
              <small className={one.broken ? 'red' : undefined}>
                {one.from}
                {one.broken ? ` · ${words.broken}` : one.rows !== null && ` · ${words.rows(one.rows)}`}
              </small>
            </button>
          </li>
        ))}
      </ul>
      {found.length > SHOWN && <p className="dim">{words.shownTables(SHOWN)}</p>}
      {more > 0 && <p className="dim">{words.moreTables(more)}</p>}
    </section>
  );
}
