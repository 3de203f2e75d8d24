import { Segmented } from 'antd';
import type { Schemas } from '@/api/client';
import { DataTable } from '@/ui/DataTable';
import { Facts } from '@/ui/Facts';
import { count } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Section } from '@/ui/Page';
import { TimeAgo } from '@/ui/Time';
import { useFilter } from '@/ui/useSearch';
import { useUsage } from './queries';
import { statusWords, windowWords, words } from './strings';
import { UsageChart } from './UsageChart';

type Usage = Schemas['ServiceUsage'];
type Window = Usage['window'];

const windows = Object.keys(windowWords) as Window[];

/** How often it is called, how long an answer takes, what is refused, and who calls. */
export function UsageSection({ name }: { name: string }) {
  const [{ window: said }, set] = useFilter(['window']);
  const chosen = windows.find((one) => one === said) ?? 'day';
  const usage = useUsage(name, chosen);
  return (
    <Section title={words.usageTitle} note={words.usageNote}>
      <Segmented
        className="sample-choice"
        aria-label={words.window}
        options={windows.map((value) => ({ value, label: windowWords[value] }))}
        value={chosen}
        onChange={(value) => set({ window: value === 'day' ? '' : value })}
      />
      <Load query={usage}>{(found) => (found.calls ? <Body usage={found} /> : <p className="dim">{words.noUsage}</p>)}</Load>
    </Section>
  );
}

function Body({ usage }: { usage: Usage }) {
  const byHour = usage.window === 'day';
  const ms = (value: number | null) => (value === null ? words.noCalls : `${value.toFixed(1)} ${words.milliseconds}`);
  return (
    <>
      <Facts
        facts={[
          [words.calls, count(usage.calls)],
          [words.failedCalls, <span className={usage.failed ? 'red' : ''}>{count(usage.failed)}</span>],
          [words.p50, ms(usage.p50)],
          [words.p95, ms(usage.p95)],
        ]}
      />
      <div className="usage-charts">
        <UsageChart
          label={byHour ? words.callsByHour : words.callsByDay}
          slices={usage.slices}
          byHour={byHour}
          unit={words.times}
          stack
          series={[
            { name: words.good, className: 'usage-good', of: (one) => one.calls - one.failed },
            { name: words.failedCalls, className: 'usage-bad', of: (one) => one.failed },
          ]}
        />
        <UsageChart
          label={byHour ? words.timeByHour : words.timeByDay}
          slices={usage.slices}
          byHour={byHour}
          unit={words.milliseconds}
          stack={false}
          series={[
            { name: words.p95, className: 'usage-soft', of: (one) => one.p95 },
            { name: words.p50, className: 'usage-good', of: (one) => one.p50 },
          ]}
        />
      </div>
      <div className="usage-tables">
        <DataTable
          dense
          label={words.byStatus}
          rows={usage.statuses}
          rowKey={(one) => String(one.status)}
          columns={[
            { title: words.status, width: 80, cell: (one) => <code className={one.status >= 400 ? 'red' : ''}>{one.status}</code> },
            { title: words.meaning, cell: (one) => statusWords[one.status] ?? '' },
            { title: words.calls, width: 90, right: true, cell: (one) => count(one.calls) },
          ]}
        />
        {usage.callers && <Callers callers={usage.callers} />}
      </div>
    </>
  );
}

function Callers({ callers }: { callers: NonNullable<Usage['callers']> }) {
  return (
    <DataTable
      dense
      label={words.byCaller}
      rows={callers}
      rowKey={(one) => one.caller}
      columns={[
        {
          title: words.caller,
          cell: (one) => (
            <>
              {one.title} {!one.by_key && <span className="dim">{words.tried}</span>}
            </>
          ),
        },
        { title: words.calls, width: 80, right: true, cell: (one) => count(one.calls) },
        { title: words.failedCalls, width: 80, right: true, cell: (one) => <span className={one.failed ? 'red' : ''}>{count(one.failed)}</span> },
        { title: words.lastCall, width: 110, cell: (one) => <TimeAgo at={one.last_at} /> },
      ]}
    />
  );
}
