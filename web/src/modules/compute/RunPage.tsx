import { Button, Popconfirm } from 'antd';
import { Link, useParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { asApiError, type Trouble } from '@/api/errors';
import { useMay } from '@/modules/security/queries';
import { ErrorNote, ErrorState } from '@/ui/ErrorState';
import { Facts } from '@/ui/Facts';
import { moment } from '@/ui/format';
import { LiveMark } from '@/ui/LiveMark';
import { Load } from '@/ui/Load';
import { LogView } from '@/ui/LogView';
import { Page, Section } from '@/ui/Page';
import { Progress } from '@/ui/Progress';
import { causeOf } from '@/ui/rule';
import { StateTag } from '@/ui/StateTag';
import { Elapsed, TimeAgo } from '@/ui/Time';
import { RunAround } from './RunAround';
import { Attempts, Result } from './RunParts';
import { RunSteps } from './RunSteps';
import { useAround, useRun, useRunNews, useSteer } from './queries';
import { shownState } from './state';
import { kindWords, words } from './strings';

type Detail = Schemas['RunDetail'];
type Job = Schemas['Job'];

const ends = ['done', 'failed', 'cancelled'];

export function Component() {
  const { id = '' } = useParams();
  const run = useRun(id);
  const job = run.data?.job;
  return (
    <Page
      title={job?.title ?? words.run}
      up={{ to: '/runs', title: words.title }}
      note={job && <span title={job.cause}>{causeOf(job.cause)}</span>}
      action={job && <Steer job={job} />}
    >
      <Load query={run}>{(detail) => <Run key={id} detail={detail} />}</Load>
    </Page>
  );
}

function Run({ detail }: { detail: Detail }) {
  const { job, steps, attempts } = detail;
  const over = ends.includes(job.state);
  const news = useRunNews(job.id, over);
  const around = useAround(job.id, job.state);
  return (
    <>
      <Head job={job} />
      {job.error && job.state !== 'done' && job.state !== 'cancelled' && (
        <Section title={words.error}>
          <ErrorState error={job.error as unknown as Trouble} />
        </Section>
      )}
      <Section title={words.why}>
        <Load query={around} lines={3}>
          {(found) => <RunAround job={job} around={found} />}
        </Load>
      </Section>
      <Section title={words.steps} note={words.stepsNote}>
        <RunSteps steps={steps} state={job.state} />
      </Section>
      {job.result && (
        <Section title={words.result}>
          <Result result={job.result} />
        </Section>
      )}
      <Section title={words.log} note={over ? null : <LiveMark on={news.connected} />}>
        <LogView lines={news.lines} quiet={words.logQuiet} />
      </Section>
      <Section title={words.attempts} note={words.attemptOf(job.attempts, job.max_attempts)}>
        <Attempts attempts={attempts} />
      </Section>
    </>
  );
}

function Head({ job }: { job: Job }) {
  return (
    <Facts
      facts={[
        [words.state, <StateTag key="s" state={shownState(job)} />],
        [words.kind, kindWords[job.kind] ?? job.kind],
        job.subject !== null && [words.onDataset, <Subject key="d" name={job.subject} />],
        [words.created, <TimeAgo key="c" at={job.created_at} />],
        [words.started, moment(job.started_at)],
        [words.took, <Elapsed key="e" from={job.started_at} to={job.ended_at} />],
        job.state === 'running' &&
          job.progress !== null && [words.progress, <Progress key="p" part={job.progress} label={words.progress} />],
        job.message !== null && [words.message, job.message],
      ]}
    />
  );
}

function Subject({ name }: { name: string }) {
  if (!name.includes(':')) return <Link to={`/catalogue/${name}`}>{name}</Link>;
  const [kind, rest] = name.split(':', 2);
  if (kind === 'service') return <Link to={`/services/${rest}`}>{rest}</Link>;
  if (kind === 'source') return <Link to={`/sources/${rest}`}>{rest}</Link>;
  return <>{name}</>;
}

function Steer({ job }: { job: Job }) {
  const may = useMay();
  const { cancel, retry } = useSteer(job.id);
  if (!may('runs.steer')) return null;
  const failed = cancel.error ?? retry.error;
  return (
    <>
      {failed && <ErrorNote error={asApiError(failed)} />}
      {(job.state === 'failed' || job.state === 'cancelled') && (
        <Button type="primary" loading={retry.isPending} onClick={() => retry.mutate()}>
          {words.retry}
        </Button>
      )}
      {(job.state === 'queued' || job.state === 'running') && (
        <Popconfirm
          title={words.confirmCancel}
          description={words.confirmCancelText}
          okText={words.cancel}
          cancelText={words.keep}
          onConfirm={() => cancel.mutate()}
        >
          <Button danger disabled={job.cancel_requested} loading={cancel.isPending}>
            {job.cancel_requested ? words.cancelling : words.cancel}
          </Button>
        </Popconfirm>
      )}
    </>
  );
}
