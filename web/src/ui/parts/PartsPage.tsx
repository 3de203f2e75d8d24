import { Button } from 'antd';
import type { ReactNode } from 'react';
import { Code } from '../Copy';
import { DataTable } from '../DataTable';
import { EmptyState } from '../EmptyState';
import { ErrorNote, ErrorState } from '../ErrorState';
import { Facts } from '../Facts';
import { Figure, Figures } from '../Figure';
import { Icon } from '../Icon';
import { LiveMark } from '../LiveMark';
import { Outline } from '../Load';
import { Page, Section } from '../Page';
import { Progress } from '../Progress';
import { RowsCount } from '../RowsCount';
import { StateTag, Tag } from '../StateTag';
import { Elapsed, TimeAgo } from '../Time';
import { icons } from '../icons';
import { stateWords } from '../strings';
import { words } from './strings';

const trouble = { code: 'source_unreachable', message: words.errorMessage, hint: words.errorHint, field: 'host', details: {} };
const hour = 3_600_000;

/** Every design part, for those who build pages: a page is made of these, and of nothing else. */
export function Component() {
  return (
    <Page title={words.title} note={words.note} action={<Button type="primary">{words.main}</Button>}>
      <Section title={words.figures}>
        <Figures>
          <Figure title={words.rows} value={2_236_842} />
          <Figure title={words.late} value={3} tone="red" to="/arrivals?state=late" />
          <Figure title={words.unknown} value={null} />
        </Figures>
      </Section>
      <Section title={words.states}>
        <Rows>
          {Object.keys(stateWords).map((one) => (
            <StateTag key={one} state={one} />
          ))}
        </Rows>
        <Rows>
          <Tag>{words.plain}</Tag>
          <Tag tone="blue">{words.blue}</Tag>
          <Tag tone="red">{words.red}</Tag>
          <LiveMark on />
          <LiveMark on={false} />
        </Rows>
      </Section>
      <Section title={words.facts}>
        <Facts facts={[[words.rows, <RowsCount key="r" rows={61_203} />], [words.progress, <Progress key="p" part={0.42} label={words.progress} />], ...times()]} />
      </Section>
      <Section title={words.buttons}>
        <Rows>
          <Button type="primary">{words.main}</Button>
          <Button>{words.other}</Button>
          <Button danger>{words.destroy}</Button>
          <Button disabled>{words.disabled}</Button>
        </Rows>
      </Section>
      <Section title={words.table}>
        <Sample />
      </Section>
      <Section title={words.empty}>
        <EmptyState title={words.emptyTitle} text={words.emptyText} />
      </Section>
      <Section title={words.errors}>
        <ErrorState error={trouble} retry={() => undefined} />
        <ErrorNote error={trouble} />
      </Section>
      <Section title={words.loading}>
        <Outline lines={3} />
      </Section>
      <Section title={words.code}>
        <Code label={words.code} text={'haina plan packs/mine\nhaina apply packs/mine'} />
      </Section>
      <Section title={words.icons}>
        <Rows>
          {icons.map((name) => (
            <span key={name} className="row">
              <Icon name={name} />
              <code>{name}</code>
            </span>
          ))}
        </Rows>
      </Section>
    </Page>
  );
}

const Rows = ({ children }: { children: ReactNode }) => <p className="row">{children}</p>;

function times(): [string, ReactNode][] {
  const start = new Date(Date.parse('2026-01-01T08:00:00+08:00'));
  const end = new Date(start.getTime() + 1.5 * hour);
  return [
    [words.ago, <TimeAgo key="a" at={start.toISOString()} />],
    [words.took, <Elapsed key="e" from={start.toISOString()} to={end.toISOString()} />],
  ];
}

function Sample() {
  return (
    <DataTable
      label={words.table}
      rows={[
        { name: 'std.resident', title: words.sampleOne, rows: 120_000 },
        { name: 'base.person', title: words.sampleTwo, rows: 118_402 },
      ]}
      rowKey={(one) => one.name}
      columns={[
        { title: words.name, width: 220, cell: (one) => <code>{one.name}</code> },
        { title: words.sample, cell: (one) => one.title },
        { title: words.rows, width: 120, right: true, cell: (one) => <RowsCount rows={one.rows} /> },
      ]}
    />
  );
}
