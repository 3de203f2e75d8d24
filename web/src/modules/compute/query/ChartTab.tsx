import { Select } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { Answer } from '@/ui/AnswerTable';
import { EmptyState } from '@/ui/EmptyState';
import { count } from '@/ui/format';
import { Outline } from '@/ui/Load';
import { firstChoice, numberColumns, seriesOf, type Choice, type Shape } from './chart';
import { words } from './strings';

const Chart = lazy(() => import('./Chart'));

export function ChartTab({ answer }: { answer: Answer }) {
  const first = useMemo(() => firstChoice(answer), [answer]);
  const [changed, change] = useState<Choice | null>(null);
  const choice = changed ?? first;
  const series = useMemo(() => (choice ? seriesOf(answer, choice) : null), [answer, choice]);
  if (!choice || !series) return <EmptyState title={words.noChart} text={words.noChartText} />;
  const name = (at: number) => answer.columns[at]?.[0] ?? '';
  const option = (at: number) => ({ value: at, label: name(at) });
  return (
    <>
      <div className="filters">
        <Select<Shape>
          aria-label={words.kind}
          value={choice.shape}
          style={{ width: 80 }}
          onChange={(shape) => change({ ...choice, shape })}
          options={[
            { value: 'bar', label: words.bar },
            { value: 'line', label: words.line },
          ]}
        />
        <Select
          aria-label={words.x}
          value={choice.x}
          style={{ width: 180 }}
          showSearch={{ optionFilterProp: 'label' }}
          onChange={(x) => change({ ...choice, x })}
          options={answer.columns.map((_, at) => option(at))}
        />
        <Select
          mode="multiple"
          aria-label={words.y}
          value={choice.y}
          style={{ minWidth: 220 }}
          maxCount={3}
          onChange={(y: number[]) => y.length && change({ ...choice, y })}
          options={numberColumns(answer).map(option)}
        />
        {series.cut && <span className="dim">{words.chartCut(series.labels.length, count(answer.rows.length))}</span>}
      </div>
      <Suspense fallback={<Outline lines={8} />}>
        <Chart series={series} shape={choice.shape} label={words.chartLabel(choice.y.map(name).join('、'), name(choice.x))} />
      </Suspense>
    </>
  );
}
