import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { count } from '@/ui/format';
import { causeOf } from '@/ui/rule';
import { StateTag } from '@/ui/StateTag';
import { stateWords } from '@/ui/strings';
import { Elapsed } from '@/ui/Time';
import { Chain, type ChainNode } from './Chain';
import { aroundWords as words } from './strings';

type Around = Schemas['RunAround'];
type Cause = Schemas['RunCause'];
type Brief = Schemas['RunBrief'];
type Job = Schemas['Job'];

/** Why it ran, and what ran because of it; each is one click away. */
export function RunAround({ job, around }: { job: Job; around: Around }) {
  const wrote = typeof job.result?.version === 'number' ? job.result.version : null;
  const causes = around.causes.map(causeNode);
  const told: ChainNode[] = causes.length ? causes : [{ key: 'told', title: <b title={job.cause}>{causeOf(job.cause) || words.unknown}</b> }];
  const more = around.set_off_count - around.set_off.length;
  const after = around.set_off.map(runNode);
  if (more > 0) after.push({ key: 'more', title: <b>{words.more(more)}</b> });
  return (
    <>
      <Chain
        label={words.title}
        before={{ title: words.because(told.length), nodes: told, none: words.unknown }}
        middle={{
          title: words.self,
          node: {
            key: 'self',
            title: <b title={job.title}>{job.title}</b>,
            small: (
              <>
                <StateTag state={job.state} />
                {wrote !== null && job.subject && <Link to={`/catalogue/${job.subject}`}>{words.wrote(job.subject, wrote)}</Link>}
              </>
            ),
          },
        }}
        after={{ title: words.after(around.set_off_count), nodes: after, none: job.state === 'done' ? words.nothing : words.notYet }}
      />
      {job.batch && <Batch batch={job.batch} counts={around.batch} />}
    </>
  );
}

function causeNode(cause: Cause, at: number): ChainNode {
  const key = `${cause.kind}-${cause.object ?? ''}-${at}`;
  if (cause.kind !== 'input') {
    const said = words.kinds[cause.kind]?.(cause.object ?? '') ?? cause.kind;
    return { key, title: <b title={cause.kind === 'schedule' ? (cause.object ?? said) : said}>{said}</b> };
  }
  const name = cause.object ?? '';
  return {
    key,
    title: (
      <Link to={`/catalogue/${name}`} title={name}>
        {cause.title ?? name} {words.became(cause.before, cause.version)}
      </Link>
    ),
    small: (
      <>
        <code>{name}</code>
        {cause.run && <Link to={`/runs/${cause.run.id}`}>{words.writtenBy(cause.run.title)}</Link>}
      </>
    ),
  };
}

function runNode(run: Brief): ChainNode {
  return {
    key: run.id,
    title: (
      <Link to={`/runs/${run.id}`} title={run.title}>
        {run.title}
      </Link>
    ),
    small: (
      <>
        <StateTag state={run.state} />
        {run.started_at && <Elapsed from={run.started_at} to={run.ended_at} />}
      </>
    ),
  };
}

function Batch({ batch, counts }: { batch: string; counts: Record<string, number> }) {
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const parts = Object.entries(counts).map(([state, n]) => `${stateWords[state as 'done'] ?? state} ${count(n)}`);
  return (
    <p className="dim" style={{ marginTop: 8 }}>
      <Link to={`/runs?batch=${batch}`}>{words.batch(count(all))}</Link> {parts.join(' · ')}
    </p>
  );
}
