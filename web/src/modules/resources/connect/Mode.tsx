import { AutoComplete, Button, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { asApiError } from '@/api/errors';
import { DataTable, type Column } from '@/ui/DataTable';
import { ErrorNote, ErrorState } from '@/ui/ErrorState';
import { LinkButton } from '@/ui/LinkButton';
import { Section } from '@/ui/Page';
import { cycleWords } from '@/ui/strings';
import { finding, type Known } from '@/ui/finding';
import { Line } from './Line';
import { declared, isAsked, planProblem, type Draft, type Plan, type PlanTable } from './plan';
import { useMake, useOrganizations, useThemes } from './queries';
import { ScheduleInput } from './ScheduleInput';
import { words } from './strings';

interface Props {
  draft: Draft;
  plan: Plan;
  change: (plan: Plan) => void;
}

/** How it comes and how often, whose it is; then it is made. */
export function Mode({ draft, plan, change }: Props) {
  const make = useMake(draft.id);
  const go = useNavigate();
  const [tried, setTried] = useState(false);
  const problem = planProblem(plan);
  const set = (next: Partial<Plan>) => change({ ...plan, ...next });
  const send = () => {
    setTried(true);
    if (!problem) make.mutate(declared(plan, draft), { onSuccess: () => void go(`/sources/connect/${draft.id}/load`) });
  };
  return (
    <>
      <Section title={words.source}>
        <Whose plan={plan} set={set} />
      </Section>
      <Section title={words.modes}>
        <Ways draft={draft} plan={plan} set={set} />
      </Section>
      <Section title={words.schedule}>
        <When draft={draft} plan={plan} set={set} />
      </Section>
      {make.isError && <ErrorNote error={asApiError(make.error)} />}
      <div className="row connect-end">
        <LinkButton to={`/sources/connect/${draft.id}/tables`}>{words.back}</LinkButton>
        <Button type="primary" loading={make.isPending} onClick={send}>
          {draft.way === 'push' ? words.makePush : words.make}
        </Button>
        {tried && problem && (
          <span className="red" role="alert">
            {problem}
          </span>
        )}
      </div>
    </>
  );
}

interface Part {
  plan: Plan;
  set: (next: Partial<Plan>) => void;
}

function Whose({ plan, set }: Part) {
  const units = useOrganizations();
  const themes = useThemes();
  const options: Known[] = (units.data ?? []).map((one) => ({ value: one.code, label: one.title, names: [one.short, one.title, one.code], initials: one.initials }));
  return (
    <div className="fields">
      <Line id="source-title" title={words.sourceTitle}>
        <Input id="source-title" maxLength={100} value={plan.title} onChange={(event) => set({ title: event.target.value })} />
      </Line>
      <Line id="source-name" title={words.sourceName}>
        <Input id="source-name" className="mono" maxLength={60} value={plan.name} onChange={(event) => set({ name: event.target.value })} />
      </Line>
      <Line id="source-agency" title={words.agency}>
        {units.isError ? (
          <ErrorState error={asApiError(units.error)} retry={() => void units.refetch()} />
        ) : (
          <Select
            id="source-agency"
            style={{ width: '100%' }}
            loading={units.isPending}
            showSearch={finding}
            value={plan.agency || null}
            onChange={(agency: string) => set({ agency })}
            options={options}
          />
        )}
      </Line>
      <Line id="source-theme" title={words.theme} help={words.themeHint}>
        <AutoComplete
          id="source-theme"
          style={{ width: '100%' }}
          maxLength={50}
          value={plan.theme}
          onChange={(theme: string) => set({ theme })}
          showSearch={{ filterOption: (typed, option) => option?.value.includes(typed.trim()) ?? false }}
          options={themes.map((value) => ({ value }))}
        />
      </Line>
      <Line id="source-sharing" title={words.sharing}>
        <Radio.Group
          id="source-sharing"
          value={plan.sharing}
          onChange={(event) => set({ sharing: event.target.value as Plan['sharing'] })}
          options={Object.entries(words.sharingOf).map(([value, label]) => ({ value, label }))}
        />
      </Line>
      {plan.sharing === 'none' && (
        <Line id="source-basis" title={words.basis}>
          <Input id="source-basis" maxLength={500} value={plan.basis} onChange={(event) => set({ basis: event.target.value })} />
        </Line>
      )}
    </div>
  );
}

function Ways({ draft, plan, set }: Part & { draft: Draft }) {
  const asked = isAsked(draft);
  const put = (next: PlanTable) => set({ tables: plan.tables.map((one) => (one.from === next.from ? next : one)) });
  const known = asked ? words.modeOf : words.writeOf;
  const columns: (Column<PlanTable> | false)[] = [
    { title: words.table, cell: (one) => <TwoLines title={one.title} from={one.from} /> },
    {
      title: words.mode,
      width: 420,
      cell: (one) => (
        <Select
          aria-label={`${words.mode} ${one.title}`}
          style={{ width: '100%' }}
          value={asked ? one.mode : one.write}
          onChange={(value: string) => put(asked ? { ...one, mode: value as PlanTable['mode'] } : { ...one, write: value as PlanTable['write'] })}
          options={Object.entries(known).map(([value, { title, text }]) => ({ value, label: `${title}:${text}` }))}
        />
      ),
    },
    asked && {
      title: words.watermark,
      width: 200,
      cell: (one) =>
        one.mode === 'incremental' ? (
          <Select
            aria-label={`${words.watermark} ${one.title}`}
            style={{ width: '100%' }}
            placeholder={words.chooseWatermark}
            value={one.watermark}
            onChange={(watermark: string) => put({ ...one, watermark })}
            options={one.columns.filter((column) => column.take).map((column) => ({ value: column.name, label: column.name }))}
          />
        ) : (
          <span className="faint">—</span>
        ),
    },
  ];
  return <DataTable label={words.modes} rows={plan.tables.filter((one) => one.take)} rowKey={(one) => one.from} columns={columns.filter((one) => one !== false)} />;
}

function When({ draft, plan, set }: Part & { draft: Draft }) {
  const handed = draft.way === 'upload' || draft.way === 'push';
  return (
    <div className="fields">
      {handed ? <p className="dim schedule-note">{words.scheduleHanded}</p> : <ScheduleInput value={plan.schedule} change={(schedule) => set({ schedule })} />}
      <Line id="source-cycle" title={words.cycle}>
        <Select
          id="source-cycle"
          style={{ width: '100%' }}
          value={plan.cycle}
          onChange={(cycle: string) => set({ cycle })}
          options={Object.entries(cycleWords).map(([value, label]) => ({ value, label }))}
        />
      </Line>
      {plan.cycle !== 'irregular' && (
        <Line id="source-due" title={words.due} help={words.dueHint}>
          <Input id="source-due" type="time" style={{ width: 140 }} value={plan.due} onChange={(event) => set({ due: event.target.value })} />
        </Line>
      )}
    </div>
  );
}

function TwoLines({ title, from }: { title: string; from: string }) {
  return (
    <span className="two">
      {title}
      <small>{from}</small>
    </span>
  );
}
