import { Link, useParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { DataTable } from '@/ui/DataTable';
import { Facts } from '@/ui/Facts';
import { count } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Page, Section } from '@/ui/Page';
import { TimeAgo } from '@/ui/Time';
import { useService } from './queries';
import { Samples } from './Samples';
import { functionWords, kindWords, words } from './strings';
import { titleOf } from './titles';
import { TryIt } from './TryIt';
import { UsageSection } from './Usage';
import './services.css';

type Detail = Schemas['ServiceDetail'];

export function Component() {
  const { name = '' } = useParams();
  const service = useService(name);
  const spec = service.data?.spec;
  return (
    <Page
      title={spec?.title ?? name}
      up={{ to: '/services', title: words.title }}
      note={
        <>
          <code>/data/{name}</code>
          {spec?.summary && <span className="service-summary">{spec.summary}</span>}
        </>
      }
    >
      <Load query={service} lines={10}>
        {(detail) => (
          <>
            <Head detail={detail} />
            <div className="service">
              <div>
                <Parameters detail={detail} />
                <Returns detail={detail} />
                <Samples detail={detail} />
                <UsageSection name={name} />
              </div>
              <TryIt key={name} detail={detail} />
            </div>
          </>
        )}
      </Load>
    </Page>
  );
}

function Head({ detail: { spec, usage, copy_version: copy } }: { detail: Detail }) {
  const dataset = (
    <Link to={`/catalogue/${spec.dataset}`}>
      <code>{spec.dataset}</code>
    </Link>
  );
  return (
    <Facts
      facts={[
        [words.kind, kindWords[spec.kind]],
        [words.dataset, dataset],
        [words.copyVersion, copy === null ? words.noCopy : `v${copy}`],
        [words.limit, words.perMinute(spec.per_minute)],
        [`${words.usage}${words.calls}`, count(usage.calls)],
        [words.failedCalls, <span className={usage.failed ? 'red' : ''}>{count(usage.failed)}</span>],
        usage.mean_milliseconds !== null && [words.meanTime, `${usage.mean_milliseconds.toFixed(1)} ${words.milliseconds}`],
        [words.lastCall, <TimeAgo at={usage.last_at} />],
      ]}
    />
  );
}

function Parameters({ detail }: { detail: Detail }) {
  return (
    <Section title={words.parameters}>
      {detail.parameters.length ? (
        <DataTable
          label={words.parameters}
          rows={detail.parameters}
          rowKey={(one) => one.name}
          columns={[
            { title: words.parameter, cell: (one) => <code>{one.name}</code> },
            { title: words.name, cell: titleOf },
            { title: '', width: 80, cell: (one) => (one.needed ? words.needed : <span className="dim">{words.optional}</span>) },
          ]}
        />
      ) : (
        <p className="dim">{words.noParameters}</p>
      )}
    </Section>
  );
}

function Returns({ detail: { spec, titles } }: { detail: Detail }) {
  const named = (kind: string, names: string[]) => names.map((name) => ({ kind, name, title: titles[name] ?? name }));
  const figures = Object.entries(spec.figures).map(([name, figure]) => ({
    kind: `${words.figure} ${functionWords[figure.function]}`,
    name,
    title: figure.title,
  }));
  const rows = [
    ...named(words.group, spec.group_by),
    ...figures,
    ...named(words.compare, spec.compare),
    ...named('', spec.returns),
  ];
  const note = { verify: words.verifyNote, aggregate: words.smallGroup(spec.smallest_group), key: null, list: null };
  return (
    <Section title={words.returns} note={note[spec.kind]}>
      <DataTable
        label={words.returns}
        rows={rows}
        rowKey={(one) => one.kind + one.name}
        columns={[
          { title: words.name, cell: (one) => <code>{one.name}</code> },
          { title: words.item, cell: (one) => one.title },
          { title: '', width: 120, cell: (one) => <span className="dim">{one.kind}</span> },
        ]}
      />
    </Section>
  );
}
