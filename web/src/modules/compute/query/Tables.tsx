import { Input } from 'antd';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { count } from '@/ui/format';
import { useFirst } from '@/ui/useFirst';
import { words } from './strings';

type Askable = Schemas['Askable'];

const MOST = 200;

interface Props {
  tables: Askable[];
  named: Askable[];
  insert: (text: string) => void;
}

/** What may be asked about; a click writes its name, and what is named shows its columns. */
export function Tables({ tables, named, insert }: Props) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const fitting = tables.filter((one) => `${one.name} ${one.title}`.toLowerCase().includes(wanted));
  const open = new Map(named.map((one) => [one.name, one]));
  return (
    <aside className="query-side" aria-label={words.tables}>
      <Input allowClear aria-label={words.findTable} placeholder={words.findTable} value={text} onChange={(event) => setText(event.target.value)} />
      <div className="query-tables">
        {[...fitting].sort((one, other) => Number(open.has(other.name)) - Number(open.has(one.name))).slice(0, MOST).map((one) => (
          <div key={one.name}>
            <button className="query-table" title={words.insert} onClick={() => insert(one.name)}>
              <code>{one.name}</code>
              <small className="dim">
                {one.title} · {count(one.rows)}
              </small>
            </button>
            {open.has(one.name) && <Columns table={open.get(one.name)} insert={insert} />}
          </div>
        ))}
      </div>
      <small className="dim">{words.known(tables.length)}</small>
    </aside>
  );
}

function Columns({ table, insert }: { table: Askable | undefined; insert: (text: string) => void }) {
  const { rows, more } = useFirst(table?.columns ?? []);
  return (
    <ul className="query-columns">
      {rows.map((column) => (
        <li key={column.name}>
          <button title={`${column.type} ${words.insert}`} onClick={() => insert(column.name)}>
            <code>{column.name}</code> <small className="dim">{column.title === column.name ? '' : column.title}</small>
            {column.masked && <small className="tag">{words.masked}</small>}
          </button>
        </li>
      ))}
      {more && (
        <li>
          <button className="query-more" onClick={more.load}>
            {words.moreColumns((table?.columns.length ?? 0) - rows.length)}
          </button>
        </li>
      )}
    </ul>
  );
}
