import type { Schemas } from '@/api/client';
import { declaredGuard } from './guards';
import { isFit, isTime, ruleOf, type Schedule } from './schedule';
import { words } from './strings';

export type Draft = Schemas['DraftView'];
type Proposed = Schemas['ProposedTable'];
type ProposedColumn = Schemas['ProposedColumn'];

export interface PlanColumn {
  name: string;
  type: string;
  take: boolean;
  item: string;
  title: string;
  element: string | null;
  /** The element that was proposed, and whether it does not lift the guard. */
  proposed: string | null;
  kept: boolean;
  guard: Schemas['Guard'];
  /** What a person chose; null: as proposed. */
  grade: number | null;
}

export interface PlanTable {
  from: string;
  sample: string;
  take: boolean;
  name: string;
  title: string;
  key: string[];
  sure: boolean;
  rows: number | null;
  files: string | null;
  broken: string | null;
  mode: 'full' | 'incremental' | 'compare';
  write: 'replace' | 'upsert' | 'append';
  watermark: string | null;
  footers: Schemas['Footer'][];
  /** Whether lines like these are known to be no rows. */
  leave: boolean;
  columns: PlanColumn[];
}

/** What is being declared; it holds no secret, and survives a reload in the tab. */
export interface Plan {
  name: string;
  title: string;
  agency: string;
  theme: string;
  sharing: 'unconditional' | 'conditional' | 'none';
  basis: string;
  cycle: string;
  due: string;
  schedule: Schedule;
  tables: PlanTable[];
}

const FEW = 5;

export function startPlan(draft: Draft): Plan {
  const tables = draft.tables ?? [];
  const readable = tables.filter((one) => !one.broken).length;
  const handed = draft.way === 'upload' || draft.way === 'push';
  return {
    name: draft.name,
    title: draft.title,
    agency: '',
    theme: '',
    sharing: 'conditional',
    basis: '',
    cycle: handed || draft.way === 'folder' ? 'irregular' : 'daily',
    due: '08:00',
    schedule: handed ? { by: 'never' } : draft.way === 'folder' ? { by: 'minutes', every: 5 } : { by: 'daily', at: '01:20' },
    tables: tables.map((one) => startTable(one, draft, readable <= FEW)),
  };
}

function startTable(one: Proposed, draft: Draft, take: boolean): PlanTable {
  return {
    from: one.from_,
    sample: one.sample,
    take: take && !one.broken,
    name: one.name,
    title: one.title,
    key: one.key,
    sure: one.sure,
    rows: one.rows,
    files: one.files,
    broken: one.broken,
    mode: 'full',
    write: draft.way === 'folder' || draft.way === 'push' ? 'upsert' : 'replace',
    watermark: null,
    footers: one.footers,
    leave: false,
    columns: one.columns.map((column) => ({
      name: column.name,
      type: column.lake_type,
      take: true,
      item: column.item,
      title: column.title,
      element: column.element,
      proposed: column.element,
      kept: column.kept,
      guard: column.guard,
      grade: null,
    })),
  };
}

/** What was proposed anew, now that values were seen; what a person chose stays. */
export function reproposed(table: PlanTable, proposed: ProposedColumn[]): PlanTable {
  const anew = new Map(proposed.map((one) => [one.name, one]));
  const columns = table.columns.map((one) => {
    const found = anew.get(one.name);
    if (!found) return one;
    const element = one.element === one.proposed ? found.element : one.element;
    return { ...one, element, proposed: found.element, kept: found.kept, guard: found.guard };
  });
  return { ...table, columns };
}

/** Whether what the tab kept is of this page, not of one before it. */
export const isWhole = (table: Partial<PlanTable>) =>
  table.footers !== undefined && (table.columns as Partial<PlanColumn>[] | undefined)?.every((one) => one.guard !== undefined) === true;

const isName = (text: string) => /^[a-z][a-z0-9_]{0,59}$/.test(text);
export const isAsked = (draft: Draft) => draft.way === 'database' || draft.way === 'api';

export function tableProblems(table: PlanTable): string[] {
  const found: string[] = [];
  const columns = table.columns.filter((one) => one.take);
  if (!isName(table.name)) found.push(words.problem.badName(table.name));
  if (!table.title.trim()) found.push(words.problem.noTitle);
  if (!columns.length) found.push(words.problem.noColumn(table.title));
  else if (!table.key.some((name) => columns.some((one) => one.name === name))) found.push(words.problem.noKey(table.title));
  for (const one of columns) if (!isName(one.item)) found.push(words.problem.badName(one.item));
  const twice = columns.find((one, at) => columns.findIndex((other) => other.item === one.item) !== at);
  if (twice) found.push(words.problem.twice(twice.item));
  return found;
}

/** What stands in the way of going on from the tables. */
export function tablesProblem(plan: Plan): string | null {
  const taken = plan.tables.filter((one) => one.take);
  if (!taken.length) return words.problem.noTable;
  const twice = taken.find((one, at) => taken.findIndex((other) => other.name === one.name) !== at);
  return taken.flatMap(tableProblems)[0] ?? (twice ? words.problem.twice(twice.name) : null);
}

export function planProblem(plan: Plan): string | null {
  if (!plan.title.trim()) return words.problem.noTitle;
  if (!isName(plan.name)) return words.problem.badName(plan.name);
  if (!plan.agency) return words.problem.noAgency;
  if (plan.sharing === 'none' && !plan.basis.trim()) return words.problem.noBasis;
  if (!isTime(plan.due)) return words.problem.badDue;
  const unmarked = plan.tables.find((one) => one.take && one.mode === 'incremental' && !one.watermark);
  if (unmarked) return words.problem.noWatermark(unmarked.title);
  return isFit(plan.schedule) ? tablesProblem(plan) : words.problem.badCron;
}

/** The declaration as a pack's sources/*.yaml says it, without kind and connection. */
export function declared(plan: Plan, draft: Draft): Record<string, unknown> {
  return {
    name: plan.name,
    title: plan.title.trim(),
    agency: plan.agency,
    schedule: ruleOf(plan.schedule),
    tables: plan.tables.filter((one) => one.take).map((one) => declaredTable(one, plan, draft)),
  };
}

function declaredTable(table: PlanTable, plan: Plan, draft: Draft): Record<string, unknown> {
  const asked = isAsked(draft);
  return {
    name: table.name,
    from: table.from,
    title: table.title.trim(),
    key: table.key.filter((name) => table.columns.some((one) => one.take && one.name === name)),
    ...(asked ? { mode: table.mode, watermark: table.mode === 'incremental' ? table.watermark : null } : { write: table.write }),
    files: table.files,
    ...(table.leave ? { footers: 'leave' } : {}),
    cycle: plan.cycle,
    due: plan.due,
    theme: plan.theme.trim(),
    sharing: plan.sharing,
    sharing_basis: plan.basis.trim(),
    columns: Object.fromEntries(
      table.columns
        .filter((one) => one.take)
        .map((one) => [one.name, { item: one.item, title: one.title.trim() || one.name, element: one.element, ...declaredGuard(one) }]),
    ),
  };
}
