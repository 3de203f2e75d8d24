import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { WaitingList } from '@/modules/resources/WaitingList';
import { PeopleWaiting } from '@/modules/security/people/PeopleWaiting';
import { useMay, useMe } from '@/modules/security/queries';
import { leadsTo } from '@/modules/services/attention';
import { useCockpit } from '@/modules/services/queries';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Figure, Figures } from '@/ui/Figure';
import { dayOf } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Page, Section } from '@/ui/Page';
import { looks } from '@/ui/recent';
import { Tag } from '@/ui/StateTag';
import { TimeAgo } from '@/ui/Time';
import { useMinute } from '@/ui/time';
import { useFailedRuns } from './queries';
import { attentionWords, words } from './strings';
import './app.css';

export function Component() {
  const me = useMe();
  const may = useMay();
  const overview = may('cockpit.read');
  const runs = may('runs.read');
  const people = may('users.steer');
  return (
    <Page title={words.workbench} note={me.data && words.greeting(me.data.title || me.data.name)}>
      <WaitingList />
      {overview && <Overview failed={runs} sources={may('sources.read')} steward={may('sources.tend') && !may('sources.steer')} />}
      {!overview && runs && <FailedRuns />}
      {me.data && <Recent person={me.data.name} />}
      {people && <PeopleWaiting />}
      {!overview && !runs && !people && <EmptyState title={words.noPages} text={words.noPagesText} />}
    </Page>
  );
}

/** A steward's quarantined rows stand above already, with what else waits for the agency. */
function Overview({ failed, sources, steward }: { failed: boolean; sources: boolean; steward: boolean }) {
  const cockpit = useCockpit();
  const above = [failed && 'failed_run', steward && 'quarantine'];
  return (
    <Load query={cockpit} lines={8}>
      {({ overview }) =>
        overview.tables + overview.entries === 0 ? (
          <EmptyState title={words.emptyTitle} text={words.emptyText} />
        ) : (
          <>
            <Numbers overview={overview} failed={failed} sources={sources} steward={steward} />
            {failed && <FailedRuns />}
            <Attentions items={overview.attention} count={overview.attention_count} above={above} />
          </>
        )
      }
    </Load>
  );
}

function Numbers({ overview, failed, sources, steward }: { overview: Schemas['Overview']; failed: boolean; sources: boolean; steward: boolean }) {
  return (
    <Figures>
      <Figure title={words.late} value={overview.arrivals.late ?? 0} tone="red" to="/arrivals?state=late" />
      {failed && <Figure title={words.failedToday} value={overview.runs_today.failed ?? 0} tone="red" to="/runs?state=failed" />}
      {!steward && <Figure title={words.quarantined} value={overview.quarantined} to={sources ? '/sources?look=1' : '/arrivals'} />}
      <Figure title={words.entries} value={overview.entries} to="/catalogue" />
      <Figure title={words.rows} value={overview.rows.ods ?? 0} to="/catalogue?zone=ods" />
      <Figure title={words.services} value={overview.services} to="/services" />
    </Figures>
  );
}

/** Without the kinds that stand above already; "nothing" is said only where there is nothing at all. */
function Attentions({ items, count, above }: { items: Schemas['Attention'][]; count: number; above: (string | false)[] }) {
  const left = items.filter((item) => !above.includes(item.kind));
  if (items.length > 0 && left.length === 0) return null;
  return (
    <Section title={words.attention} note={count > items.length ? words.attentionMore(items.length, count) : words.attentionNote}>
      <AttentionList items={left} />
    </Section>
  );
}

function AttentionList({ items }: { items: Schemas['Attention'][] }) {
  const may = useMay();
  if (!items.length) return <EmptyState title={words.nothing} text={words.nothingText} />;
  return (
    <ul className="attention">
      {items.map((item) => (
        <li key={item.link + item.title}>
          <Tag tone={item.kind === 'quality' || item.kind === 'quarantine' ? 'plain' : 'red'}>{attentionWords[item.kind]}</Tag>
          <Matter to={leadsTo(item, may)} title={item.title} />
          {item.agency_title && <span className="dim">{item.agency_title}</span>}
        </li>
      ))}
    </ul>
  );
}

/** On a phone too: what a person goes back to. */
function Recent({ person }: { person: string }) {
  const found = looks(person);
  if (!found.length) return null;
  return (
    <Section title={words.recent}>
      <ul className="recent" aria-label={words.recent}>
        {found.slice(0, 8).map((one) => (
          <li key={one.to}>
            <Link to={one.to}>{one.title}</Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const DAY = 86_400_000;

const Matter = ({ to, title }: { to: string | null; title: string }) => (to === null ? <span>{title}</span> : <Link to={to}>{title}</Link>);

function FailedRuns() {
  const runs = useFailedRuns(true);
  const yesterday = dayOf(new Date(useMinute() - DAY));
  return (
    <Section title={words.failedRuns} note={words.failedNote}>
      <Load query={runs} lines={3}>
        {(page) => (
          <DataTable
            label={words.failedRuns}
            rows={page.runs.filter((job) => job.ended_at !== null && dayOf(job.ended_at) >= yesterday)}
            rowKey={(job) => job.id}
            to={(job) => `/runs/${job.id}`}
            empty={<p className="dim">{words.noFailed}</p>}
            columns={[
              { title: words.job, cell: (job) => <Link to={`/runs/${job.id}`}>{job.title}</Link> },
              { title: words.error, wrap: true, cell: (job) => <span className="clamp">{String(job.error?.message ?? '')}</span> },
              { title: words.ended, width: 120, cell: (job) => <TimeAgo at={job.ended_at} /> },
            ]}
          />
        )}
      </Load>
    </Section>
  );
}
