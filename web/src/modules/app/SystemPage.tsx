import type { Schemas } from '@/api/client';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Facts } from '@/ui/Facts';
import { Figure, Figures } from '@/ui/Figure';
import { bytes } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Page, Section } from '@/ui/Page';
import { stateWords } from '@/ui/strings';
import { TimeAgo } from '@/ui/Time';
import { useMinute } from '@/ui/time';
import { Examination } from './Examination';
import { FactsSections } from './SystemFacts';
import { useHealth, useSystem } from './queries';
import { words } from './strings';

type Worker = Schemas['Worker'];

const SILENT = 60_000;
const states = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;

export function Component() {
  const system = useSystem();
  const health = useHealth();
  return (
    <Page title={words.system} note={words.systemNote}>
      <Load query={system}>
        {(found) => (
          <>
            <Facts
              facts={[
                [
                  words.health,
                  <span key="h" className={health.isError ? 'red' : 'green'}>
                    {health.isError ? words.unhealthy : words.healthy}
                  </span>,
                ],
                [words.version, found.version],
                [words.database, found.database],
              ]}
            />
            <Section title={words.room}>
              <RoomFacts room={found.room} />
            </Section>
            <Section title={words.workers}>
              <Workers workers={found.workers} />
            </Section>
            <Section title={words.jobs}>
              <Figures>
                {states.map((one) => (
                  <Figure key={one} title={stateWords[one]} value={found.jobs[one] ?? 0} to={`/runs?state=${one}`} />
                ))}
              </Figures>
            </Section>
          </>
        )}
      </Load>
      <Examination />
      <FactsSections />
    </Page>
  );
}

function RoomFacts({ room }: { room: Schemas['Room'] }) {
  const free = (one: number | null, all: number | null) =>
    one === null || all === null ? '—' : words.freeOf(bytes(one), bytes(all));
  return (
    <Facts
      facts={[
        [words.disk, free(room.disk_free, room.disk_total)],
        [words.lake, <span key="l" title={words.lakeNote}>{bytes(room.lake)}</span>],
        room.platform !== null && [words.platformFile, bytes(room.platform)],
        [words.machineMemory, free(room.memory_free, room.memory_total)],
        [words.server, room.server === null ? '—' : bytes(room.server)],
      ]}
    />
  );
}

function Workers({ workers }: { workers: Worker[] }) {
  const now = useMinute();
  const alive = (one: Worker) => now - new Date(one.seen_at).getTime() < SILENT;
  return (
    <DataTable
      label={words.workers}
      rows={[...workers].sort((one, other) => other.seen_at.localeCompare(one.seen_at))}
      rowKey={(one) => one.id}
      empty={<EmptyState title={words.noWorkers} text={words.noWorkersText} />}
      columns={[
        { title: words.worker, cell: (one) => <code>{one.id}</code> },
        { title: words.state, width: 90, cell: (one) => <span className={alive(one) ? 'green' : 'red'}>{alive(one) ? words.alive : words.lost}</span> },
        { title: words.host, cell: (one) => one.host },
        { title: words.pid, width: 100, right: true, cell: (one) => one.pid },
        { title: words.slots, width: 110, right: true, cell: (one) => one.slots },
        { title: words.memory, width: 110, right: true, cell: (one) => (one.memory_mb === null ? '—' : `${Math.round(one.memory_mb)} MB`) },
        { title: words.started, width: 130, cell: (one) => <TimeAgo at={one.started_at} /> },
        { title: words.seen, width: 130, cell: (one) => <TimeAgo at={one.seen_at} /> },
      ]}
    />
  );
}
