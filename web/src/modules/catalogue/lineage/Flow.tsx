import dagre from '@dagrejs/dagre';
import { Handle, MarkerType, Position, ReactFlow, ReactFlowProvider, useReactFlow, type Edge, type Node, type NodeProps } from '@xyflow/react';
import { memo, useEffect, useMemo } from 'react';
import { Link } from 'react-router';
import { Icon } from '@/ui/Icon';
import { words } from '../strings';
import type { Graph } from './graph';
import '@xyflow/react/dist/base.css';

export interface NodeWords {
  title: string;
  name: string;
  mark: string;
  to: string | null;
}

interface Props {
  graph: Graph;
  centre: string;
  describe: (id: string) => NodeWords;
  opened?: Set<string>;
  open?: (id: string) => void;
}

interface Data extends NodeWords, Record<string, unknown> {
  centre: boolean;
  open: (() => void) | null;
}

const WIDTH = 232;
const HEIGHT = 52;
const LOWEST = 240;
const TALLEST = 720;
const MARGIN = 48;

interface Plan {
  places: Map<string, { x: number; y: number }>;
  height: number;
}

/** Left to right; tight-tree is half the cost of dagre's own choice. */
function layout(graph: Graph): Plan {
  const plan = new dagre.graphlib.Graph();
  plan.setGraph({ rankdir: 'LR', nodesep: 10, ranksep: 72, ranker: 'tight-tree' });
  plan.setDefaultEdgeLabel(() => ({}));
  graph.nodes.forEach((id) => plan.setNode(id, { width: WIDTH, height: HEIGHT }));
  graph.edges.forEach(([from, to]) => plan.setEdge(from, to));
  dagre.layout(plan);
  const places = new Map(
    graph.nodes.map((id) => {
      const { x, y } = plan.node(id) as { x: number; y: number };
      return [id, { x: x - WIDTH / 2, y: y - HEIGHT / 2 }] as const;
    }),
  );
  const tall = plan.graph().height ?? 0;
  return { places, height: Math.min(TALLEST, Math.max(LOWEST, tall + MARGIN)) };
}

const Box = memo(function Box({ data }: NodeProps<Node<Data>>) {
  return (
    <div className={data.centre ? 'flow-node flow-centre' : 'flow-node'}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <div className="flow-words">
        {data.to ? (
          <Link to={data.to} className="nodrag" title={data.title}>
            {data.title}
          </Link>
        ) : (
          <b title={data.title}>{data.title}</b>
        )}
        <small title={data.name}>
          {data.mark} · {data.name}
        </small>
      </div>
      {data.open && (
        <button className="flow-open nodrag" onClick={data.open} title={words.expand} aria-label={`${words.expand} ${data.title}`}>
          <Icon name="expand" size={14} />
        </button>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});

const arrow = { type: MarkerType.ArrowClosed, color: '#b4bac6', width: 14, height: 14 };
const nodeTypes = { box: Box };
const ariaLabels = { 'node.a11yDescription.default': words.expand, 'edge.a11yDescription.default': '' };

export function Flow(props: Props) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ graph, centre, describe, opened, open }: Props) {
  const { fitView } = useReactFlow();
  const { places, height } = useMemo(() => layout(graph), [graph]);
  const nodes: Node<Data>[] = graph.nodes.map((id) => ({
    id,
    type: 'box',
    position: places.get(id) ?? { x: 0, y: 0 },
    width: WIDTH,
    height: HEIGHT,
    data: { ...describe(id), centre: id === centre, open: open && !opened?.has(id) ? () => open(id) : null },
  }));
  const edges: Edge[] = graph.edges.map(([from, to]) => ({ id: `${from}>${to}`, source: from, target: to, markerEnd: arrow }));
  useEffect(() => {
    void fitView({ padding: 0.04, maxZoom: 1, minZoom: 0.35 });
  }, [fitView, places]);
  return (
    <div className="flow" style={{ height }}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        minZoom={0.2}
        maxZoom={1.5}
        zoomOnScroll={false}
        panOnScroll={false}
        preventScrolling={false}
        onNodeClick={(_, node) => node.data.open?.()}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={ariaLabels}
      />
    </div>
  );
}
