import { Button } from 'antd';
import { Link, useParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/errors';
import { useAgencies } from '@/modules/coordination/queries';
import { useMay } from '@/modules/security/queries';
import { ErrorNote } from '@/ui/ErrorState';
import { Facts } from '@/ui/Facts';
import { LinkButton } from '@/ui/LinkButton';
import { Load } from '@/ui/Load';
import { Page, Section } from '@/ui/Page';
import { planOf } from '@/ui/rule';
import { SqlView } from '@/ui/sql/Sql';
import { zoneWords } from '@/ui/strings';
import { Elapsed } from '@/ui/Time';
import { queryLink } from '../query/hash';
import { Checks, Columns, History, Lineage } from './ModelParts';
import { healthOf } from './health';
import { HealthTag } from './HealthTag';
import { useBuildNow, useModelState } from './queries';
import { words } from './strings';
import './models.css';

type Model = Schemas['ModelDetail'];

export function Component() {
  const { dataset = '' } = useParams();
  const model = useModelState(dataset);
  return (
    <Page
      title={model.data?.title ?? dataset}
      up={{ to: '/models', title: words.title }}
      note={
        model.data && (
          <>
            <Link to={`/catalogue/${dataset}`}>
              <code>{dataset}</code>
            </Link>
            {model.data.summary && <span> · {model.data.summary}</span>}
          </>
        )
      }
      action={model.data && <BuildNow key={dataset} model={model.data} />}
    >
      <Load query={model} lines={10}>
        {(found) => <Body key={dataset} model={found} />}
      </Load>
    </Page>
  );
}

function Body({ model }: { model: Model }) {
  const agencies = useAgencies();
  const may = useMay();
  const made = model.last?.state === 'done' ? model.last.ended_at : null;
  const health = healthOf({ ...model, updated_at: made ?? (model.stale === null ? '' : null) });
  return (
    <>
      <Facts
        facts={[
          [words.state, <HealthTag key="h" health={health} why={model.last?.error ?? model.stale} />],
          model.stale !== null && [words.stale, model.stale],
          [words.zone, zoneWords[model.dataset.split('.')[0] ?? ''] ?? model.dataset],
          [words.owner, agencies.title(model.owner)],
          [words.schedule, model.schedule ? <span key="s" title={model.schedule}>{planOf(model.schedule)}</span> : words.bySources],
          model.key.length > 0 && [words.key, <code key="k">{model.key.join(', ')}</code>],
          model.last?.started_at
            ? [
                words.lastBuild,
                <Link key="l" to={`/runs/${model.last.run}`}>
                  <Elapsed from={model.last.started_at} to={model.last.ended_at} />
                </Link>,
              ]
            : null,
        ]}
      />
      {model.last?.state === 'failed' && model.last.error && <p className="red model-said">{model.last.error}</p>}
      <Section title={words.lineage}>
        <Lineage model={model} />
      </Section>
      <Section title={words.sql} note={may('data.query') && <Link to={queryLink(model.sql.trim())}>{words.askSql}</Link>}>
        <SqlView text={model.sql.trim()} label={words.sql} />
      </Section>
      {may('runs.read') && <History dataset={model.dataset} />}
      <Section title={words.checks}>
        <Checks model={model} />
      </Section>
      <Columns dataset={model.dataset} />
    </>
  );
}

function BuildNow({ model }: { model: Model }) {
  const may = useMay();
  const build = useBuildNow(model.dataset);
  if (!may('runs.steer')) return null;
  if (build.data) {
    return (
      <>
        <span className="dim" role="status">
          {build.data.waited ? words.waited : words.queued}
        </span>
        <LinkButton to={`/runs/${build.data.run}`}>{words.openRun}</LinkButton>
      </>
    );
  }
  return (
    <>
      {build.error && <ErrorNote error={asApiError(build.error)} />}
      <Button type="primary" loading={build.isPending} onClick={() => build.mutate()}>
        {words.buildNow}
      </Button>
    </>
  );
}
