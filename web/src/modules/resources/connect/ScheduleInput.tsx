import { Input, InputNumber, Select } from 'antd';
import { Line } from './Line';
import { ruleOf, type Schedule } from './schedule';
import { words } from './strings';

type By = Schedule['by'];

const fresh: Record<By, Schedule> = {
  daily: { by: 'daily', at: '01:20' },
  weekly: { by: 'weekly', at: '01:20', weekday: 1 },
  monthly: { by: 'monthly', at: '01:20', day: 1 },
  hourly: { by: 'hourly', minute: 10 },
  minutes: { by: 'minutes', every: 15 },
  never: { by: 'never' },
  cron: { by: 'cron', rule: '' },
};

/** In plain words; the rule that is kept stands behind it. */
export function ScheduleInput({ value, change }: { value: Schedule; change: (value: Schedule) => void }) {
  const rule = ruleOf(value);
  const choose = (by: By) => change(by === 'cron' ? { by, rule: rule ?? '' } : fresh[by]);
  return (
    <Line id="schedule-by" title={words.schedule} {...(value.by === 'cron' ? { help: words.cronHint } : rule ? { help: rule } : {})}>
      <div className="row">
        <Select
          id="schedule-by"
          style={{ width: 160 }}
          value={value.by}
          onChange={choose}
          options={Object.entries(words.scheduleOf).map(([by, label]) => ({ value: by as By, label }))}
        />
        <Rest value={value} change={change} />
      </div>
    </Line>
  );
}

function Rest({ value, change }: { value: Schedule; change: (value: Schedule) => void }) {
  switch (value.by) {
    case 'never':
      return null;
    case 'cron':
      return <Input aria-label={words.schedule} className="mono" style={{ width: 200 }} maxLength={100} value={value.rule} onChange={(event) => change({ ...value, rule: event.target.value })} />;
    case 'hourly':
      return (
        <>
          {words.minute}
          <InputNumber aria-label={words.minute} min={0} max={59} value={value.minute} onChange={(minute) => change({ ...value, minute: minute ?? 0 })} />
        </>
      );
    case 'minutes':
      return (
        <>
          <InputNumber aria-label={words.every} min={1} max={59} value={value.every} onChange={(every) => change({ ...value, every: every ?? 1 })} />
          {words.minutesUnit}
        </>
      );
    default:
      return (
        <>
          {value.by === 'weekly' && (
            <Select
              aria-label={words.weekday}
              style={{ width: 100 }}
              value={value.weekday}
              onChange={(weekday: number) => change({ ...value, weekday })}
              options={words.weekdays.map((label, weekday) => ({ value: weekday, label: `${words.weekday}${label}` }))}
            />
          )}
          {value.by === 'monthly' && (
            <Select
              aria-label={words.day}
              style={{ width: 90 }}
              value={value.day}
              onChange={(day: number) => change({ ...value, day })}
              options={Array.from({ length: 28 }, (_, at) => ({ value: at + 1, label: words.dayOf(at + 1) }))}
            />
          )}
          <Input aria-label={words.at} type="time" style={{ width: 120 }} value={value.at} onChange={(event) => change({ ...value, at: event.target.value })} />
        </>
      );
  }
}
