import { Input } from 'antd';
import { useState } from 'react';
import type { Schemas } from '@/api/client';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { Tag } from '@/ui/StateTag';
import { gradeWords } from '@/ui/strings';
import { useMeanings } from '../queries';
import { maskWords, typeWords, words } from '../strings';
import { Meaning } from './Meaning';

const MANY = 100;
const SEARCHED = 20;

type Item = Schemas['Dataset']['items'][number];

/** Of a dataset of hundreds of columns the first hundred are painted, the others are asked for. */
export function Items({ dataset }: { dataset: Schemas['Dataset'] }) {
  const [text, search] = useState('');
  const [most, show] = useState(MANY);
  const sought = text.trim().toLowerCase();
  const found = dataset.items.filter((item) => `${item.title} ${item.name} ${item.element ?? ''}`.toLowerCase().includes(sought));
  return (
    <>
      {dataset.items.length > SEARCHED && (
        <div className="filters">
          <Input
            style={{ width: 260 }}
            allowClear
            aria-label={words.findItem}
            placeholder={words.findItem}
            value={text}
            onChange={(event) => search(event.target.value)}
          />
          <span className="dim">{words.itemsShown(found.length, dataset.items.length)}</span>
        </div>
      )}
      <ItemTable
        items={found.slice(0, most)}
        keys={dataset.key}
        more={found.length > most ? { load: () => show(most + MANY), loading: false } : null}
      />
    </>
  );
}

interface TableProps {
  items: Item[];
  keys: string[];
  more: { load: () => void; loading: boolean } | null;
}

function ItemTable({ items, keys, more }: TableProps) {
  const elements = [...new Set(items.flatMap((item) => (item.element ? [item.element] : [])))].sort();
  const meanings = useMeanings(elements);
  return (
    <DataTable
      label={words.tabs.items}
      rows={items}
      rowKey={(item) => item.name}
      more={more}
      empty={<EmptyState title={words.noneTitle} />}
      columns={[
        {
          title: words.item,
          cell: (item) => (
            <span className="row">
              {item.title}
              {keys.includes(item.name) && <Tag tone="blue">{words.key}</Tag>}
            </span>
          ),
        },
        { title: words.name, cell: (item) => <code>{item.name}</code> },
        { title: words.type, width: 100, cell: (item) => typeWords[item.type] ?? item.type },
        {
          title: words.element,
          cell: (item) =>
            item.element ? <Meaning element={item.element} known={meanings.get(item.element)} /> : <span className="faint">—</span>,
        },
        { title: words.grade, width: 120, cell: (item) => <Grade grade={item.grade} /> },
        { title: words.mask, cell: (item) => <Mask mask={item.mask} /> },
      ]}
    />
  );
}

function Grade({ grade }: { grade: number }) {
  return <span className={grade >= 3 ? 'red' : ''}>{gradeWords[grade] ?? grade}</span>;
}

function Mask({ mask }: { mask: string }) {
  return <span className={mask === 'none' ? 'faint' : ''}>{maskWords[mask] ?? mask}</span>;
}
