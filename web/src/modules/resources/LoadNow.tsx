import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { asApiError } from '@/api/errors';
import { useLoadNow } from './queries';
import { words } from './strings';

export function LoadNow({ table }: { table: string }) {
  const load = useLoadNow();
  if (load.isError) {
    return (
      <span className="red" title={asApiError(load.error).message}>
        {words.loadFailed}
      </span>
    );
  }
  if (load.data) {
    return load.data.job ? (
      <Link to={`/runs/${load.data.job}`}>
        {words.loadQueued} · {words.watch}
      </Link>
    ) : (
      <span className="dim">{words.loadWaiting}</span>
    );
  }
  return (
    <Button size="small" loading={load.isPending} onClick={() => load.mutate(table)}>
      {words.loadNow}
    </Button>
  );
}

export function LoadAll({ tables, main = true }: { tables: string[]; main?: boolean }) {
  const load = useLoadNow();
  const [left, setLeft] = useState<'no' | 'sending' | 'sent'>('no');
  const send = async () => {
    setLeft('sending');
    try {
      for (const table of tables) await load.mutateAsync(table);
      setLeft('sent');
    } catch {
      setLeft('no');
    }
  };
  if (left === 'sent') {
    return (
      <Link to="/runs?kind=collect.load">
        {words.loadQueued} · {words.watch}
      </Link>
    );
  }
  return (
    <>
      {load.isError && <span className="red">{asApiError(load.error).message}</span>}
      <Button type={main ? 'primary' : 'default'} loading={left === 'sending'} onClick={() => void send()}>
        {words.loadAll(tables.length)}
      </Button>
    </>
  );
}
