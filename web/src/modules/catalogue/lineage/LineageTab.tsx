import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import type { Schemas } from '@/api/client';
import { EmptyState } from '@/ui/EmptyState';
import { Load } from '@/ui/Load';
import { zoneWords } from '@/ui/strings';
import { useFilter } from '@/ui/useSearch';
import { neighbours, useStates } from '../queries';
import { words } from '../strings';
import { Flow, type NodeWords } from './Flow';
import { datasetGraph, moreOf, STEP, traceItem, type Graph } from './graph';

type Dataset = Schemas['Dataset'];

export default function LineageTab({ dataset }: { dataset: Dataset }) {
  const [{ item }, set] = useFilter(['item']);
  const options = [
    { value: '', label: words.datasetLevel },
    ...dataset.items.map((one) => ({ value: one.name, label: `${one.title} ${one.name}` })),
  ];
  return (
    <>
      <div className="filters lineage-bar">
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={words.chooseItem}
          style={{ width: 280 }}
          value={item}
          options={options}
          onChange={(value: string) => set({ item: value })}
        />
        <span className="dim">{item ? words.chooseItem : words.lineageNote}</span>
      </div>
      {item ? <ItemLineage dataset={dataset.name} item={item} /> : <DatasetLineage dataset={dataset.name} />}
    </>
  );
}

function useDescribe(ids: string[]): (id: string) => NodeWords {
  const names = useMemo(() => [...new Set(ids.map((id) => id.split('#')[0] ?? id))].sort(), [ids]);
  const states = useStates(names.filter((name) => !/^(source|more):/.test(name)));
  return useCallback(
    (id: string) => {
      const more = moreOf(id);
      if (more) return { title: words.moreNeighbours(more.left), name: words.showMore, mark: '…', to: null };
      const [name = id, item] = id.split('#');
      const title = states.data?.find((one) => one.name === name)?.title;
      return describe(name, item, title);
    },
    [states.data],
  );
}

function describe(name: string, item: string | undefined, title: string | undefined): NodeWords {
  if (name.startsWith('source:')) {
    const source = name.slice(7);
    return { title: item ?? source, name: source, mark: words.sourceNode, to: `/sources/${source}` };
  }
  const mark = zoneWords[name.split('.')[0] ?? ''] ?? '';
  const tab = item ? `?tab=lineage&item=${encodeURIComponent(item)}` : '?tab=lineage';
  return { title: item ? `${title ?? name} · ${item}` : (title ?? name), name, mark, to: `/catalogue/${name}${tab}` };
}

function DatasetLineage({ dataset }: { dataset: string }) {
  const [opened, setOpened] = useState([dataset]);
  const found = useQueries({
    queries: opened.map(neighbours),
    combine: (answers) => ({
      first: answers[0],
      data: answers.flatMap((one) => (one.data ? [one.data] : [])),
    }),
  });
  const [wider, widen] = useState<Record<string, number>>({});
  const graph = useMemo(() => datasetGraph(dataset, found.data, wider), [dataset, found.data, wider]);
  const describeNode = useDescribe(graph.nodes);
  const open = useCallback((id: string) => {
    const more = moreOf(id);
    if (!more) return setOpened((old) => (old.includes(id) ? old : [...old, id]));
    const side = `${more.side}:${more.dataset}`;
    widen((old) => ({ ...old, [side]: (old[side] ?? STEP) + 2 * STEP }));
  }, []);
  if (!found.first) return null;
  return (
    <Load query={found.first} lines={8}>
      {() =>
        graph.nodes.length < 2 ? (
          <EmptyState title={words.noLineage} text={words.noLineageText} />
        ) : (
          <>
            <Flow graph={graph} centre={dataset} describe={describeNode} opened={new Set(opened)} open={open} />
            <p className="filters">
              {graph.full && <span className="dim">{words.lineageFull}</span>}
              {opened.length > 1 && <Button onClick={() => [setOpened([dataset]), widen({})]}>{words.reset}</Button>}
            </p>
          </>
        )
      }
    </Load>
  );
}

function ItemLineage({ dataset, item }: { dataset: string; item: string }) {
  const queries = useQueryClient();
  const trace = useQuery({
    queryKey: ['item-lineage', dataset, item],
    queryFn: () => traceItem((name) => queries.fetchQuery(neighbours(name)), dataset, item),
    staleTime: 60_000,
  });
  return <Load query={trace}>{(graph) => <ItemGraph graph={graph} centre={`${dataset}#${item}`} />}</Load>;
}

function ItemGraph({ graph, centre }: { graph: Graph; centre: string }) {
  const describeNode = useDescribe(graph.nodes);
  if (graph.nodes.length < 2) return <EmptyState title={words.noLineage} text={words.itemNone} />;
  return <Flow graph={graph} centre={centre} describe={describeNode} />;
}
