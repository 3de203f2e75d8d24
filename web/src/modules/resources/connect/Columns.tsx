import { Checkbox, Input, Select } from 'antd';
import { asApiError } from '@/api/errors';
import { DataTable, type Column } from '@/ui/DataTable';
import { ErrorState } from '@/ui/ErrorState';
import { Tag } from '@/ui/StateTag';
import { gradeWords } from '@/ui/strings';
import { useFirst } from '@/ui/useFirst';
import { finding, type Known } from '@/ui/finding';
import { gradeOf, gradeOpen, isOpen, isOwn, known, warning } from './guards';
import type { PlanColumn, PlanTable } from './plan';
import { useElements } from './queries';
import { words } from './strings';

interface Props {
  table: PlanTable;
  put: (table: PlanTable) => void;
}

type Elements = NonNullable<ReturnType<typeof useElements>['data']>;
/** Each line holds five controls: fewer of them are drawn at once than of plain rows. */
const PAGE = 50;

type SetColumn = (name: string, change: Partial<PlanColumn>) => void;

/** The columns: what becomes of them, what they mean, who may see them. */
export function Columns({ table, put }: Props) {
  const elements = useElements();
  const first = useFirst(table.columns, PAGE);
  const set: SetColumn = (name, change) => put({ ...table, columns: table.columns.map((one) => (one.name === name ? { ...one, ...change } : one)) });
  return (
    <>
      {elements.isError && <ErrorState error={asApiError(elements.error)} retry={() => void elements.refetch()} />}
      <Open table={table} put={put} />
      <DataTable label={words.column} rows={first.rows} more={first.more} rowKey={(one) => one.name} columns={columnsOf(set, elements.data ?? [])} />
    </>
  );
}

const grades = Object.entries(gradeWords).map(([grade, label]) => ({ value: Number(grade), label }));

/** Columns that nobody has graded, and one grade for them all. */
function Open({ table, put }: Props) {
  const open = table.columns.filter(isOpen).length;
  if (!open) return null;
  return (
    <p className="notice">
      <span>
        <b>{words.openColumns(open)}</b> {words.openHow}
      </span>
      <label className="row connect-open">
        {words.gradeAll}
        <Select aria-label={words.gradeAll} size="small" style={{ width: 120 }} value={null} placeholder={words.grade} options={grades} onChange={(grade: number) => put(gradeOpen(table, grade))} />
      </label>
    </p>
  );
}

function columnsOf(set: SetColumn, elements: Elements): Column<PlanColumn>[] {
  const options: Known[] = [
    { value: '', label: words.noElement, names: [words.noElement], initials: '' },
    ...elements.map((one) => ({ value: one.name, label: one.title, names: [one.title, one.name, ...one.aliases], initials: one.initials })),
  ];
  const granted = new Map(elements.map((one) => [one.name, one.grade]));
  return [
    {
      title: words.takeColumn,
      width: 44,
      cell: (one) => <Checkbox aria-label={`${words.takeColumn} ${one.name}`} checked={one.take} onChange={(event) => set(one.name, { take: event.target.checked })} />,
    },
    { title: words.column, width: 200, wrap: true, cell: (one) => <Name column={one} /> },
    {
      title: words.itemTitle,
      cell: (one) => (
        <Input size="small" aria-label={`${words.itemTitle} ${one.name}`} disabled={!one.take} maxLength={100} value={one.title} onChange={(event) => set(one.name, { title: event.target.value })} />
      ),
    },
    {
      title: words.item,
      width: 140,
      cell: (one) => (
        <Input size="small" className="mono" aria-label={`${words.item} ${one.name}`} disabled={!one.take} maxLength={60} value={one.item} onChange={(event) => set(one.name, { item: event.target.value })} />
      ),
    },
    {
      title: words.element,
      width: 180,
      cell: (one) => (
        <Select
          size="small"
          aria-label={`${words.element} ${one.name}`}
          style={{ width: '100%' }}
          disabled={!one.take}
          showSearch={finding}
          value={one.element ?? ''}
          onChange={(element: string) => set(one.name, { element: element || null })}
          options={options}
        />
      ),
    },
    { title: words.grade, width: 150, cell: (one) => <Grade column={one} of={granted} set={set} /> },
  ];
}

function Name({ column }: { column: PlanColumn }) {
  const seen = known(column);
  const wrong = warning(column);
  return (
    <span className="two connect-column">
      {column.name}
      <small>{column.type}</small>
      {seen && <small className="guess">{seen}</small>}
      {wrong && (
        <small className="red" role="alert">
          {wrong}
        </small>
      )}
    </span>
  );
}

function Grade({ column, of, set }: { column: PlanColumn; of: Map<string, number>; set: SetColumn }) {
  if (!isOwn(column)) {
    const grade = of.get(column.element ?? '');
    return (
      <span className="dim" title={words.gradeByElement}>
        {grade === undefined ? words.gradeByElement : gradeWords[grade]}
      </span>
    );
  }
  return (
    <span className="row connect-grade">
      <Select
        size="small"
        aria-label={words.gradeOf(column.name)}
        style={{ width: 116 }}
        disabled={!column.take}
        value={gradeOf(column)}
        // Also what is chosen as it stands is chosen by a person.
        onSelect={(grade: number) => set(column.name, { grade })}
        options={grades}
      />
      {isOpen(column) && <Tag>{words.open}</Tag>}
    </span>
  );
}
