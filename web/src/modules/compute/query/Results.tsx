import { Button, Popconfirm, Tabs } from 'antd';
import { useState } from 'react';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { count, duration } from '@/ui/format';
import { Outline } from '@/ui/Load';
import { ResultGrid } from '@/ui/sql/ResultGrid';
import { TimeAgo } from '@/ui/Time';
import { ChartTab } from './ChartTab';
import type { Past } from './history';
import type { Outcome } from './queries';
import { words } from './strings';

interface Props {
  outcome: Outcome | null;
  busy: boolean;
  titles: Record<string, string>;
  past: Past[];
  reuse: (sql: string) => void;
  forget: () => void;
}

export function Results({ outcome, busy, titles, past, reuse, forget }: Props) {
  const [tab, setTab] = useState('table');
  return (
    <Tabs
      activeKey={tab}
      onChange={setTab}
      items={[
        { key: 'table', label: words.table, children: <Answered outcome={outcome} busy={busy} titles={titles} chart={false} /> },
        { key: 'chart', label: words.chart, children: <Answered outcome={outcome} busy={busy} titles={titles} chart />, destroyOnHidden: true },
        { key: 'history', label: words.history, children: <History past={past} reuse={reuse} forget={forget} /> },
      ]}
    />
  );
}

function Answered({ outcome, busy, titles, chart }: { outcome: Outcome | null; busy: boolean; titles: Record<string, string>; chart: boolean }) {
  if (!outcome) return busy ? <Outline lines={8} /> : <EmptyState title={words.startTitle} text={words.startText} />;
  if (outcome.error) return <ErrorState error={outcome.error} />;
  const { answer, ms } = outcome;
  if (!answer) return null;
  return (
    <>
      <p className="dim query-note">
        {words.answered(count(answer.rows.length), answer.columns.length, duration(ms))}
        {answer.truncated && <b className="red"> · {words.truncated(count(answer.rows.length))}</b>}
      </p>
      {chart ? <ChartTab key={ms} answer={answer} /> : <ResultGrid key={ms} answer={answer} titles={titles} label={words.table} />}
    </>
  );
}

function History({ past, reuse, forget }: Pick<Props, 'past' | 'reuse' | 'forget'>) {
  if (!past.length) return <EmptyState title={words.historyEmpty} text={words.historyEmptyText} />;
  return (
    <>
      <div className="filters">
        <span className="dim">{words.historyEmptyText}</span>
        <Popconfirm title={words.confirmForget} okText={words.forget} cancelText={words.keep} onConfirm={forget}>
          <Button size="small">{words.forget}</Button>
        </Popconfirm>
      </div>
      <DataTable
        label={words.history}
        rows={past}
        rowKey={(one) => one.at + one.sql.slice(0, 40)}
        columns={[
          { title: words.when, width: 110, cell: (one) => <TimeAgo at={one.at} /> },
          { title: words.text, cell: (one) => <span className="query-past"><code title={one.sql}>{one.sql.replace(/\s+/g, ' ')}</code></span> },
          { title: words.outcome, width: 150, right: true, cell: (one) => one.rows === null ? <span className="red">{words.failed}</span> : `${count(one.rows)} · ${duration(one.ms)}` },
          { title: '', width: 110, cell: (one) => <Button size="small" onClick={() => reuse(one.sql)}>{words.reuse}</Button> },
        ]}
      />
    </>
  );
}
