import { Button, Popconfirm } from 'antd';
import { Link, useParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/errors';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorState';
import { moment } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { StateTag } from '@/ui/StateTag';
import { useAcceptDrift, useDrift, useTable } from './queries';
import { useTends } from './rights';
import { changeWords, driftPolicyWords, words } from './strings';
import './resources.css';

type Change = Schemas['DriftRecord'];

export function Component() {
  const { name = '', table = '' } = useParams();
  const { source, found } = useTable(name, table);
  const drift = useDrift(table);
  const accept = useAcceptDrift(table);
  const tends = useTends()(source?.agency);
  const open = drift.data?.filter((one) => one.state === 'open') ?? [];
  return (
    <Page
      title={words.driftOf(found?.title ?? table)}
      up={{ to: `/sources/${name}`, title: source?.title ?? words.source }}
      note={found && driftPolicyWords[found.drift]?.how}
      action={
        open.length > 0 && tends && <Accept count={open.length} busy={accept.isPending} accept={() => accept.mutate()} />
      }
    >
      {accept.isError && <ErrorNote error={asApiError(accept.error)} />}
      {accept.isSuccess && (
        <p className="notice" role="status">
          {words.accepted(accept.data.accepted ?? 0)}
        </p>
      )}
      {open.length > 0 && (
        <p className="notice" role="status">
          <b>{words.waitsForYou(open.length)}</b>
          <span>{tends ? words.waitsHow : words.waitsForSteward}</span>
        </p>
      )}
      <Load query={drift}>{(rows) => <Changes rows={rows} />}</Load>
    </Page>
  );
}

function Accept({ count: rows, busy, accept }: { count: number; busy: boolean; accept: () => void }) {
  return (
    <Popconfirm
      title={words.confirmAccept(rows)}
      description={<div style={{ maxWidth: 320 }}>{words.confirmAcceptText}</div>}
      okText={words.accept}
      cancelText={words.notYet}
      onConfirm={accept}
      placement="bottomRight"
    >
      <Button type="primary" loading={busy}>
        {words.accept}
      </Button>
    </Popconfirm>
  );
}

function Changes({ rows }: { rows: Change[] }) {
  return (
    <DataTable
      label={words.drift}
      rows={[...rows].sort((one, other) => Number(other.state === 'open') - Number(one.state === 'open'))}
      rowKey={(one) => String(one.id)}
      empty={<EmptyState title={words.noDrift} text={words.noDriftText} />}
      columns={[
        { title: words.changed, width: 100, cell: (one) => changeWords[one.change] },
        { title: words.column, width: 150, cell: (one) => <code>{one.column}</code> },
        { title: words.wasNow, width: 190, cell: (one) => <WasNow change={one} /> },
        { title: words.advice, wrap: true, cell: (one) => one.advice },
        { title: words.state, width: 150, cell: (one) => <State change={one} /> },
        { title: words.when, width: 165, cell: (one) => <Link to={`/runs/${one.job}`}>{moment(one.at)}</Link> },
      ]}
    />
  );
}

function WasNow({ change }: { change: Change }) {
  return (
    <span className="mono">
      {change.was ?? '—'} → {change.now ?? '—'}
    </span>
  );
}

function State({ change }: { change: Change }) {
  return (
    <span className={change.decided_by ? 'two' : undefined}>
      <StateTag state={change.state} />
      {change.decided_by && <small>{change.decided_by}</small>}
    </span>
  );
}
