import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/errors';
import { useAgencies } from '@/modules/coordination/queries';
import { ErrorNote } from '@/ui/ErrorState';
import { Section } from '@/ui/Page';
import { Tag } from '@/ui/StateTag';
import { stateWords } from '@/ui/strings';
import { TimeAgo } from '@/ui/Time';
import { useAlarms, useSeeAlarm } from './queries';
import { useTends } from './rights';
import { words } from './strings';
import './resources.css';

type Alarm = Schemas['Alarm'];

/** As many are told before they are asked for: what they are about stands below them. */
const FEW = 3;

/** Alarms that stand: they clear themselves when the batch comes; until then someone takes note. */
export function Alarms({ mine }: { mine?: string | null }) {
  const found = useAlarms().data?.filter((one) => !mine || one.agency === mine) ?? [];
  const [all, setAll] = useState(false);
  const see = useSeeAlarm();
  const tends = useTends();
  if (!found.length) return null;
  return (
    <Section title={words.alarms} note={words.alarmsNote}>
      {see.isError && <ErrorNote error={asApiError(see.error)} />}
      <ul className="lines" aria-label={words.alarms}>
        {(all ? found : found.slice(0, FEW)).map((one) => (
          <li key={one.id}>
            <Line alarm={one} />
            {one.seen_by ? (
              <span className="dim">{words.seenBy(one.seen_by)}</span>
            ) : (
              tends(one.agency) && (
                <Button size="small" loading={see.isPending && see.variables === one.id} onClick={() => see.mutate(one.id)}>
                  {words.seen}
                </Button>
              )
            )}
          </li>
        ))}
      </ul>
      {!all && found.length > FEW && (
        <Button type="link" onClick={() => setAll(true)}>
          {words.otherAlarms(found.length - FEW)}
        </Button>
      )}
    </Section>
  );
}

function Line({ alarm }: { alarm: Alarm }) {
  const agencies = useAgencies();
  return (
    <>
      <Tag tone="red">{stateWords[alarm.reason as 'late' | 'short']}</Tag>
      <span className="dim">{agencies.short(alarm.agency)}</span>
      <Link className="lines-main" to={`/catalogue/ods.${alarm.table}?tab=loads`}>
        {alarm.message}
      </Link>
      <TimeAgo at={alarm.raised_at} />
    </>
  );
}
