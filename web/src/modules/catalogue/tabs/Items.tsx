import type { Schemas } from '@/api/client';
import { DataTable } from '@/ui/DataTable';
import { Tag } from '@/ui/StateTag';
import { gradeWords } from '@/ui/strings';
import { maskWords, typeWords, words } from '../strings';

export function Items({ dataset }: { dataset: Schemas['Dataset'] }) {
  return (
    <DataTable
      label={words.tabs.items}
      rows={dataset.items}
      rowKey={(item) => item.name}
      columns={[
        {
          title: words.item,
          cell: (item) => (
            <span className="row">
              {item.title}
              {dataset.key.includes(item.name) && <Tag tone="blue">{words.key}</Tag>}
            </span>
          ),
        },
        { title: words.name, cell: (item) => <code>{item.name}</code> },
        { title: words.type, width: 100, cell: (item) => typeWords[item.type] ?? item.type },
        { title: words.element, cell: (item) => (item.element ? <code>{item.element}</code> : <span className="faint">—</span>) },
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
