import { useEffect, useRef, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { Quality } from '@/modules/catalogue/Quality';
import { useDataset } from '@/modules/catalogue/queries';
import { useAgencies } from '@/modules/coordination/queries';
import { Line } from '@/ui/charts/Line';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Facts } from '@/ui/Facts';
import { count, dayOf } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Page, Section } from '@/ui/Page';
import { Tag } from '@/ui/StateTag';
import { TimeAgo } from '@/ui/Time';
import { useFilter } from '@/ui/useSearch';
import { checkedName, useChecks, useVersionTrend } from '../queries';
import { RuleDetail } from './RuleDetail';
import { words } from './strings';
import './quality.css';

type Check = Schemas['CheckResult'];
type Version = Schemas['VersionGrade'];

export function Component() {
  const { dataset: asked = '' } = useParams();
  const name = checkedName(asked);
  const detail = useDataset(name);
  const trend = useVersionTrend(name);
  const dataset = detail.data?.dataset;
  const last = trend.data?.[trend.data.length - 1];
  const seen = name.startsWith('ods.') ? `std.${name.slice(4)}` : name;
  const shown = useDataset(seen).data?.dataset;
  return (
    <Page
      title={dataset?.title ?? name}
      up={{ to: '/quality', title: words.good }}
      note={<code>{name}</code>}
      action={
        <Link className="link-button" to={`/catalogue/${seen}`}>
          {words.openDataset}
        </Link>
      }
    >
      <Load query={detail} lines={3}>
        {(found) => (last ? <Head last={last} owner={found.dataset.owner} /> : null)}
      </Load>
      {detail.isSuccess && <Load query={trend} lines={8}>
        {(versions) =>
          versions.length ? (
            <>
              <Versions versions={versions} />
              <Rules name={name} titles={titlesOf(shown)} />
            </>
          ) : (
            <EmptyState title={words.none} text={words.noneText} />
          )
        }
      </Load>}
    </Page>
  );
}

function titlesOf(dataset: { items: { name: string; title: string }[] } | undefined): Record<string, string> {
  return Object.fromEntries((dataset?.items ?? []).map((item) => [item.name, item.title]));
}

function Head({ last, owner }: { last: Version; owner: string }) {
  const agencies = useAgencies();
  const good = last.total ? 1 - (last.failed ?? 0) / last.total : null;
  return (
    <Facts
      facts={[
        [words.owner, agencies.title(owner)],
        [words.good, <Quality key="g" part={good} />],
        [words.failedRows, count(last.failed)],
        [words.checked, count(last.total)],
        [words.rulesFailed, `${last.rules_failed} / ${last.rules}`],
        [words.at, <TimeAgo key="t" at={last.at} />],
        [words.run, <Link key="r" to={`/runs/${last.job}`}>{words.seeRun}</Link>],
      ]}
    />
  );
}

function Versions({ versions }: { versions: Version[] }) {
  if (versions.length < 2) return null;
  const points = versions.map((one) => ({
    name: `v${one.version} ${dayOf(one.at)}`,
    value: one.failed,
    text: count(one.failed),
  }));
  return (
    <Section title={words.datasetTrend} note={words.versionNote(versions.length)}>
      <Line points={points} label={words.datasetTrend} zero />
    </Section>
  );
}

function Rules({ name, titles }: { name: string; titles: Record<string, string> }) {
  const [{ rule }, set] = useFilter(['rule']);
  const checks = useChecks(name);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (rule) place.current?.scrollIntoView({ block: 'nearest' });
  }, [rule]);
  return (
    <Load query={checks} lines={8}>
      {(found) => {
        const chosen = found.find((one) => one.rule === rule);
        return (
          <>
            <div ref={place}>{chosen && <RuleDetail key={chosen.rule} check={chosen} titles={titles} />}</div>
            <Section title={words.rules} note={words.rulesNote}>
              <RuleTable rows={found} chosen={rule} choose={(value) => set({ rule: value })} />
            </Section>
          </>
        );
      }}
    </Load>
  );
}

interface TableProps {
  rows: Check[];
  chosen: string;
  choose: (rule: string) => void;
}

/** What fails; the rules that pass are asked for. */
function RuleTable({ rows, chosen, choose }: TableProps) {
  const [all, showAll] = useState(false);
  const shown = all ? rows : rows.filter((one) => one.failed > 0 || one.rule === chosen);
  const passing = rows.length - shown.length;
  return (
    <>
      {passing > 0 && (
        <p className="tab-note">
          {words.passing(passing)}{' '}
          <button className="link" onClick={() => showAll(true)}>
            {words.show}
          </button>
        </p>
      )}
      {shown.length > 0 && <RuleRows rows={shown} chosen={chosen} choose={choose} />}
    </>
  );
}

function RuleRows({ rows, chosen, choose }: TableProps) {
  return (
    <DataTable
      label={words.rules}
      rows={rows}
      rowKey={(one) => one.rule}
      columns={[
        {
          title: words.ruleTitle,
          cell: (one) => (
            <span className="row">
              <button className="link" aria-expanded={one.rule === chosen} onClick={() => choose(one.rule === chosen ? '' : one.rule)}>
                {one.title}
              </button>
              {one.strong && <Tag tone="red">{words.strong}</Tag>}
            </span>
          ),
        },
        { title: words.dimension, width: 100, cell: (one) => one.dimension },
        {
          title: words.failed,
          width: 110,
          right: true,
          cell: (one) => <span className={one.failed ? 'red' : 'faint'}>{count(one.failed)}</span>,
        },
        { title: words.checked, width: 120, right: true, cell: (one) => count(one.total) },
        { title: words.keys, cell: (one) => <code className="dim">{one.sample.slice(0, 3).join('  ')}</code> },
      ]}
    />
  );
}
