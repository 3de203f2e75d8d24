import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useDataset, useLineage } from '@/modules/catalogue/queries';
import { useChecks } from '@/modules/resources/queries';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { count, duration } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Section } from '@/ui/Page';
import { RowsCount } from '@/ui/RowsCount';
import { causeOf } from '@/ui/rule';
import { StateTag } from '@/ui/StateTag';
import { gradeWords } from '@/ui/strings';
import { Elapsed, TimeAgo } from '@/ui/Time';
import { Chain, type ChainNode } from '../Chain';
import { shownState } from '../state';
import { tookOf, typical } from './health';
import { useBuilds, useTitles } from './queries';
import { Trend } from './Trend';
import { words } from './strings';

type Model = Schemas['ModelDetail'];

export function Lineage({ model }: { model: Model }) {
  const lineage = useLineage(model.dataset);
  const titles = useTitles([...model.inputs, ...(lineage.data?.outputs ?? []).map((edge) => edge.dataset)]);
  return (
    <Load query={lineage} lines={3}>
      {(found) => {
        const below = [...new Set(found.outputs.filter((edge) => !edge.item).map((edge) => edge.dataset))].sort();
        const node = (name: string) => datasetNode(name, titles.data?.[name]);
        const after = [...below.map(node), ...found.uses.map(useNode)];
        return (
          <Chain
            label={words.lineage}
            before={{ title: words.before(model.inputs.length), nodes: model.inputs.map(node), none: words.noInputs }}
            middle={{
              title: words.self,
              node: { key: 'self', title: <b title={model.title}>{model.title}</b>, small: <code>{model.dataset}</code> },
            }}
            after={{ title: words.after(after.length), nodes: after, none: words.noOutputs }}
          />
        );
      }}
    </Load>
  );
}

function datasetNode(name: string, title: string | undefined): ChainNode {
  const made = /^(base|theme|topic)\./.test(name);
  const link = (
    <Link to={`/${made ? 'models' : 'catalogue'}/${name}`} title={title ?? name}>
      {title ?? name}
    </Link>
  );
  return { key: name, title: link, small: <code>{name}</code> };
}

function useNode(use: Schemas['Use']): ChainNode {
  const [kind, name = ''] = use.user.split(':', 2);
  const to = kind === 'service' ? `/services/${name}` : kind === 'cockpit' ? '/cockpit' : null;
  const small = kind === 'service' ? words.service : kind === 'cockpit' ? words.cockpit : kind;
  return { key: use.user, title: to ? <Link to={to}>{use.title}</Link> : <b>{use.title}</b>, small };
}

export function History({ dataset }: { dataset: string }) {
  const builds = useBuilds(dataset, true);
  const ended = (builds.data?.runs ?? []).map(tookOf).filter((one) => one !== null);
  const middle = typical(ended);
  return (
    <Section
      title={words.history}
      note={
        <>
          {middle !== null && words.historyNote(builds.data?.runs.length ?? 0, duration(middle))}{' '}
          <Link className="in-text" to={`/runs?subject=${dataset}`}>{words.allRuns}</Link>
        </>
      }
    >
      <Load query={builds} lines={4}>
        {({ runs }) => (
          <>
            {runs.length > 1 && <Trend builds={[...runs].reverse()} />}
            <DataTable
              label={words.history}
              rows={runs.slice(0, 10)}
              rowKey={(job) => job.id}
              to={(job) => `/runs/${job.id}`}
              empty={<EmptyState title={words.noHistory} text={words.noHistoryText} />}
              columns={[
                { title: words.started, width: 150, cell: (job) => <Link to={`/runs/${job.id}`}><TimeAgo at={job.started_at ?? job.created_at} /></Link> },
                { title: words.state, width: 110, cell: (job) => <StateTag state={shownState(job)} /> },
                { title: words.took, width: 110, right: true, cell: (job) => <Elapsed from={job.started_at} to={job.ended_at} /> },
                { title: words.wrote, width: 120, right: true, cell: (job) => <RowsCount rows={job.result?.rows_out as number | null} /> },
                { title: words.cause, cell: (job) => <span title={job.cause}>{causeOf(job.cause)}</span> },
              ]}
            />
          </>
        )}
      </Load>
    </Section>
  );
}

interface Check {
  name: string;
  title: string;
  dimension: string;
  strong: boolean;
}

export function Checks({ model }: { model: Model }) {
  const results = useChecks(model.dataset);
  const known = new Map((results.data ?? []).map((one) => [one.rule, one]));
  const checks = model.checks as unknown as Check[];
  return (
    <DataTable
      label={words.checks}
      rows={checks}
      rowKey={(check) => check.name}
      empty={<EmptyState title={words.noChecks} text={words.noChecksText} />}
      columns={[
        { title: words.rule, cell: (check) => <span title={check.name}>{check.title}</span> },
        { title: words.dimension, width: 120, cell: (check) => check.dimension },
        { title: words.strength, width: 80, cell: (check) => (check.strong ? words.strong : words.weak) },
        { title: words.result, width: 220, cell: (check) => <CheckResult result={known.get(`row.${check.name}`)} /> },
      ]}
    />
  );
}

function CheckResult({ result }: { result: Schemas['CheckResult'] | undefined }) {
  if (!result) return <span className="dim">{words.unchecked}</span>;
  if (!result.failed) return <span className="green">{words.passes}</span>;
  return <span className="red">{words.fails(count(result.failed), count(result.total))}</span>;
}

const FEW = 2;

function From({ sources }: { sources: string[] }) {
  return (
    <code className="dim" title={sources.join('\n')}>
      {sources.slice(0, FEW).join('、')}
      {sources.length > FEW && ` ${words.andMore(sources.length)}`}
    </code>
  );
}

/** All columns, however many: the table scrolls in itself. */
export function Columns({ dataset }: { dataset: string }) {
  const detail = useDataset(dataset);
  const lineage = useLineage(dataset);
  const types = new Map((detail.data?.versions[0]?.schema ?? []).map((pair) => [String(pair[0]), String(pair[1])]));
  const sources = new Map<string, string[]>();
  for (const edge of lineage.data?.inputs ?? []) {
    if (edge.item) sources.set(edge.item, [...(sources.get(edge.item) ?? []), `${edge.from_dataset}.${edge.from_item ?? ''}`]);
  }
  return (
    <Section title={words.columns} note={detail.data?.dataset.items.length}>
      <Load query={detail} lines={6}>
        {({ dataset: found }) => (
          <div className="model-columns" tabIndex={0} role="region" aria-label={words.columns}>
            <DataTable
              label={words.columns}
              dense
              rows={[...found.items]}
              rowKey={(item) => item.name}
              columns={[
                { title: words.column, width: 200, cell: (item) => <code>{item.name}</code> },
                { title: words.columnTitle, width: 200, cell: (item) => item.title },
                { title: words.type, width: 140, cell: (item) => <span className="mono dim">{types.get(item.name) ?? item.type}</span> },
                { title: words.grade, width: 110, cell: (item) => gradeWords[item.grade] ?? item.grade },
                { title: words.from, wrap: true, cell: (item) => <From sources={sources.get(item.name) ?? []} /> },
              ]}
            />
          </div>
        )}
      </Load>
    </Section>
  );
}
