import type { Schemas } from '@/api/client';

type Neighbours = Schemas['Neighbours'];
type Edge = Schemas['Edge'];

export const MOST = 100;

export interface Graph {
  nodes: string[];
  edges: [from: string, to: string][];
  full: boolean;
}

/** The datasets around those that were opened, in the order of opening, up to the limit. */
export function datasetGraph(start: string, opened: Neighbours[]): Graph {
  const nodes = new Set([start]);
  const edges = new Map<string, [string, string]>();
  let full = false;
  const add = (name: string) => {
    if (nodes.size < MOST) nodes.add(name);
    else full ||= !nodes.has(name);
  };
  for (const found of opened) {
    for (const edge of [...found.inputs, ...found.outputs].filter((one) => !one.item)) {
      add(edge.from_dataset);
      add(edge.dataset);
      edges.set(`${edge.from_dataset}>${edge.dataset}`, [edge.from_dataset, edge.dataset]);
    }
  }
  const shown = [...edges.values()].filter(([from, to]) => nodes.has(from) && nodes.has(to));
  return { nodes: [...nodes], edges: shown, full };
}

const itemId = (dataset: string, item: string) => `${dataset}#${item}`;

/** Where an item comes from, followed upwards to its sources. */
export async function traceItem(
  read: (dataset: string) => Promise<Neighbours>,
  dataset: string,
  item: string,
): Promise<Graph> {
  const start = itemId(dataset, item);
  const nodes = new Set([start]);
  const edges: [string, string][] = [];
  let wave: [string, string][] = [[dataset, item]];
  while (wave.length && nodes.size < MOST) {
    const origins = (await Promise.all(wave.map(([name, field]) => above(read, name, field)))).flat();
    wave = [];
    for (const edge of origins) {
      const from = itemId(edge.from_dataset, edge.from_item ?? '');
      if (!nodes.has(from)) wave.push([edge.from_dataset, edge.from_item ?? '']);
      nodes.add(from);
      edges.push([from, itemId(edge.dataset, edge.item ?? '')]);
    }
  }
  return { nodes: [...nodes], edges, full: wave.length > 0 };
}

async function above(read: (dataset: string) => Promise<Neighbours>, dataset: string, item: string): Promise<Edge[]> {
  if (dataset.startsWith('source:')) return [];
  const found = await read(dataset);
  return found.inputs.filter((edge) => edge.item === item && edge.from_item);
}
