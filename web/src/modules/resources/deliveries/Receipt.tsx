import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { ErrorNote } from '@/ui/ErrorState';
import { Facts } from '@/ui/Facts';
import { bytes, moment } from '@/ui/format';
import { StateTag } from '@/ui/StateTag';
import { useWaiting } from '../queries';
import { words } from './strings';

type Delivery = Schemas['Delivery'];

/** 回执: what was received, and what became of it, as it happens. */
export function Receipt({ batch }: { batch: Delivery }) {
  return (
    <section className="receipt" aria-label={words.receipt} aria-live="polite">
      <div className="receipt-head">
        <b>
          {words.receipt} {batch.number}
        </b>
        <StateTag state={batch.state} />
        <Now batch={batch} />
      </div>
      {batch.state === 'refused' && <Refused batch={batch} />}
      <Facts
        facts={[
          [words.receiptId, <code key="i">{batch.id}</code>],
          [words.file, batch.file],
          [words.size, bytes(batch.bytes)],
          [words.receivedAt, moment(batch.received_at)],
          [words.digest, <code key="d">{batch.digest}</code>],
        ]}
      />
    </section>
  );
}

function Now({ batch }: { batch: Delivery }) {
  if (batch.state === 'received') return <span className="dim">{words.waits}</span>;
  if (batch.state === 'duplicate') return <span className="dim">{batch.message ?? words.duplicateTitle}</span>;
  if (batch.state !== 'loaded') return null;
  return (
    <span>
      {words.loaded(batch.rows ?? 0, batch.rejected ?? 0)}{' '}
      {Boolean(batch.rejected) && <Link to={`/sources/${batch.source}/quarantine/${batch.table}`}>{words.seeRows}</Link>}
    </span>
  );
}

/** The reason, and the way out: where the columns changed it begins with confirming them. */
function Refused({ batch }: { batch: Delivery }) {
  const drifted = useWaiting(true).data?.some((one) => one.table === batch.table && one.drifted > 0) ?? false;
  const message = `${words.refusedTitle}:${batch.message ?? ''}`;
  return (
    <div className="receipt-no">
      <ErrorNote error={{ code: 'refused', message, hint: drifted ? words.driftedHint : words.refusedHint }} />
      {drifted && <Link to={`/sources/${batch.source}/drift/${batch.table}`}>{words.toDrift} →</Link>}
    </div>
  );
}
