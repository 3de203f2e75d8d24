import { describe, expect, it } from 'vitest';
import { datasetGraph, moreOf, MOST, STEP, traceItem } from './graph';

const edge = (from: string, to: string, fromItem: string | null = null, item: string | null = null) => ({
  from_dataset: from,
  dataset: to,
  from_item: fromItem,
  item,
});

describe('lineage', () => {
  it('joins what was opened and draws an edge once', () => {
    const one = { dataset: 'b', inputs: [edge('a', 'b')], outputs: [edge('b', 'c')], uses: [] };
    const two = { dataset: 'a', inputs: [], outputs: [edge('a', 'b')], uses: [] };
    const graph = datasetGraph('b', [one, two]);
    expect(graph.nodes.sort()).toEqual(['a', 'b', 'c']);
    expect(graph.edges).toHaveLength(2);
  });
  const many = (size: number) => Array.from({ length: size }, (_, at) => edge('a', `d${at}`));
  const wide = { dataset: 'a', inputs: [], outputs: many(150), uses: [] };
  it('draws some of many neighbours, and a node for the others', () => {
    const graph = datasetGraph('a', [wide]);
    const last = graph.nodes[graph.nodes.length - 1] ?? '';
    expect(graph.nodes).toHaveLength(STEP + 2);
    expect(moreOf(last)).toEqual({ side: 'out', left: 150 - STEP, dataset: 'a' });
    expect(moreOf('std.more')).toBeNull();
    const more = datasetGraph('a', [wide], { 'out:a': 2 * STEP });
    expect(more.nodes).toHaveLength(2 * STEP + 2);
  });
  it('stops at the limit and says so', () => {
    const graph = datasetGraph('a', [wide], { 'out:a': 500 });
    expect(graph.nodes).toHaveLength(MOST);
    expect(graph.edges).toHaveLength(MOST - 1);
    expect(graph.full).toBe(true);
  });
  it('follows an item to its source', async () => {
    const read = (dataset: string) =>
      Promise.resolve({
        dataset,
        inputs:
          dataset === 'std.t'
            ? [edge('ods.t', 'std.t', 'XM', 'name'), edge('ods.t', 'std.t', 'XB', 'sex')]
            : [edge('source:s', 'ods.t', 'T.XM', 'XM')],
        outputs: [],
        uses: [],
      });
    const graph = await traceItem(read, 'std.t', 'name');
    expect(graph.nodes).toEqual(['std.t#name', 'ods.t#XM', 'source:s#T.XM']);
    expect(graph.edges).toHaveLength(2);
  });
});
