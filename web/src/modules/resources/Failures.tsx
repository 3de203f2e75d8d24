import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useAgencies } from '@/modules/coordination/queries';
import { useMay } from '@/modules/security/queries';
import { Section } from '@/ui/Page';
import { Tag } from '@/ui/StateTag';
import { stateWords } from '@/ui/strings';
import { TimeAgo } from '@/ui/Time';
import { words } from './strings';
import './resources.css';

type Arrival = Schemas['Arrival'];
type Failed = Arrival & { failure: Schemas['Failure'] };

/** Fewer than alarms: they take two lines each, above the table that people came for. */
const FEW = 2;
const hasFailed = (one: Arrival): one is Failed => one.failure !== null;

/** Batches that were not taken, the newest first: what was wrong, and whom to call about it. */
export function Failures({ arrivals }: { arrivals: Arrival[] }) {
  const found = arrivals.filter(hasFailed).sort((one, other) => other.failure.at.localeCompare(one.failure.at));
  const [all, setAll] = useState(false);
  if (!found.length) return null;
  return (
    <Section title={words.failures} note={words.failuresNote}>
      <ul className="lines" aria-label={words.failures}>
        {(all ? found : found.slice(0, FEW)).map((one) => (
          <li key={one.table}>
            <Line arrival={one} />
          </li>
        ))}
      </ul>
      {!all && found.length > FEW && (
        <Button type="link" onClick={() => setAll(true)}>
          {words.otherFailures(found.length - FEW)}
        </Button>
      )}
    </Section>
  );
}

function Line({ arrival: { agency, table, title, failure } }: { arrival: Failed }) {
  const agencies = useAgencies();
  const may = useMay();
  return (
    <>
      <Tag tone="red">{stateWords.failed}</Tag>
      <div className="lines-main">
        <Link to={may('runs.read') ? `/runs/${failure.job}` : `/catalogue/ods.${table}?tab=loads`}>{title}</Link>
        <div className="lines-why" title={failure.hint}>
          {failure.message}
        </div>
      </div>
      <span className="dim">{words.callWhom(agencies.short(agency), agencies.contact(agency))}</span>
      <TimeAgo at={failure.at} />
    </>
  );
}
