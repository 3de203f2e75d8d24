import { Button, Popconfirm } from 'antd';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { asApiError } from '@/api/errors';
import { useAgencies } from '@/modules/coordination/queries';
import { DataTable, type Column } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNote } from '@/ui/ErrorState';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { TimeAgo } from '@/ui/Time';
import { NewKey } from './NewKey';
import { useDisableKey, useKeys } from './queries';
import { words } from './strings';
import './services.css';

type Key = Schemas['Key'];

export function Component() {
  const keys = useKeys();
  const disable = useDisableKey();
  const [making, make] = useState(false);
  const columns = useColumns((id) => disable.mutate(id));
  return (
    <Page
      title={words.keys}
      note={words.keysNote}
      up={{ to: '/services', title: words.title }}
      action={
        <Button type="primary" onClick={() => make(true)}>
          {words.newKey}
        </Button>
      }
    >
      {disable.isError && <ErrorNote error={asApiError(disable.error)} />}
      <Load query={keys}>
        {(found) => (
          <DataTable
            label={words.keys}
            rows={found}
            rowKey={(key) => key.id}
            columns={columns}
            empty={<EmptyState title={words.noKeys} text={words.noKeysText} />}
          />
        )}
      </Load>
      {making && <NewKey close={() => make(false)} />}
    </Page>
  );
}

function useColumns(disable: (id: string) => void): Column<Key>[] {
  const agencies = useAgencies();
  return [
    { title: words.keyTitle, cell: (key) => key.title },
    { title: words.agency, cell: (key) => (key.agency ? agencies.short(key.agency) : <span className="dim">{words.noAgency}</span>) },
    {
      title: words.keyServices,
      cell: (key) => <span title={key.services.join('、')}>{key.services.length > 2 ? words.serviceCount(key.services.length) : key.services.join('、')}</span>,
    },
    { title: words.created, width: 120, cell: (key) => <TimeAgo at={key.created_at} /> },
    {
      title: words.lastUsed,
      width: 120,
      cell: (key) => (key.last_used_at ? <TimeAgo at={key.last_used_at} /> : <span className="dim">{words.never}</span>),
    },
    { title: words.state, width: 90, cell: (key) => (key.disabled ? <span className="dim">{words.disabled}</span> : words.active) },
    { title: '', width: 80, right: true, cell: (key) => !key.disabled && <Disable item={key} disable={disable} /> },
  ];
}

function Disable({ item, disable }: { item: Key; disable: (id: string) => void }) {
  return (
    <Popconfirm
      title={words.confirmDisable(item.title)}
      description={words.confirmDisableText}
      okText={words.disable}
      cancelText={words.keep}
      okButtonProps={{ danger: true }}
      onConfirm={() => disable(item.id)}
    >
      <button className="red">{words.disable}</button>
    </Popconfirm>
  );
}
