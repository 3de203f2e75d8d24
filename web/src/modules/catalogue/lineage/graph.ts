import type { Schemas } from '@/api/client';

type Neighbours = Schemas['Neighbours'];
type Edge = Schemas['Edge'];

export const MOST = 100;
/** Neighbours that are drawn on each side of an opened dataset, until more are asked for. */
export const STEP = 12;

export interface Graph {
  nodes: string[];
  edges: [from: string, to: string][];
  full: boolean;
}

export type Side = 'in' | 'out';

/** A node that stands for neighbours that are not drawn yet. */
export const moreId = (dataset: string, side: Side, left: number) => `more:${side}:${left}:${dataset}`;

export function moreOf(id: string): { side: Side; left: number; dataset: string } | null {
  const [, side, left, dataset] = /^more:(in|out):(\d+):(.*)$/.exec(id) ?? [];
  return side && left && dataset ? { side: side as Side, left: Number(left), dataset } : null;
}

/** The datasets around those that were opened, in the order of opening, up to the limit. */
export function datasetGraph(start: string, opened: Neighbours[], wider: Record<string, number> = {}): Graph {
  const nodes = new Set([start]);
  const edges = new Map<string, [string, string]>();
  let full = false;
  const add = (name: string) => {
    if (nodes.size < MOST) nodes.add(name);
    else full ||= !nodes.has(name);
  };
  const join = (from: string, to: string) => {
    add(from);
    add(to);
    edges.set(`${from}>${to}`, [from, to]);
  };
  for (const found of opened) {
    for (const side of ['in', 'out'] as const) {
      const { shown, left } = neighboursOf(found, side, nodes, wider[`${side}:${found.dataset}`] ?? STEP);
      for (const name of shown) join(...across(side, found.dataset, name));
      if (left > 0) join(...across(side, found.dataset, moreId(found.dataset, side, left)));
    }
  }
  const shown = [...edges.values()].filter(([from, to]) => nodes.has(from) && nodes.has(to));
  return { nodes: [...nodes], edges: shown, full };
}

const across = (side: Side, dataset: string, other: string): [string, string] =>
  side === 'in' ? [other, dataset] : [dataset, other];

/** The neighbours of one side: those that are drawn already, then others up to the limit. */
function neighboursOf(found: Neighbours, side: Side, drawn: Set<string>, most: number) {
  const edges = (side === 'in' ? found.inputs : found.outputs).filter((one) => !one.item);
  const names = [...new Set(edges.map((one) => (side === 'in' ? one.from_dataset : one.dataset)))];
  const known = names.filter((name) => drawn.has(name));
  const others = names.filter((name) => !drawn.has(name));
  const room = Math.max(0, most - known.length);
  return { shown: [...known, ...others.slice(0, room)], left: Math.max(0, others.length - room) };
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
