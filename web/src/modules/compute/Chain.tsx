import type { ReactNode } from 'react';
import './runs.css';

export interface ChainNode {
  key: string;
  title: ReactNode;
  small?: ReactNode;
}

interface Props {
  label: string;
  before: { title: string; nodes: ChainNode[]; none: string };
  middle: { title: string; node: ChainNode };
  after: { title: string; nodes: ChainNode[]; none: string };
}

/** What something comes from, itself, and what comes of it: three columns, read from the left. */
export function Chain({ label, before, middle, after }: Props) {
  return (
    <div className="chain" aria-label={label} role="group">
      <Column {...before} />
      <div className="chain-arrow" aria-hidden="true">
        →
      </div>
      <div className="chain-column">
        <h3>{middle.title}</h3>
        <Node node={middle.node} on />
      </div>
      <div className="chain-arrow" aria-hidden="true">
        →
      </div>
      <Column {...after} />
    </div>
  );
}

function Column({ title, nodes, none }: Props['before']) {
  return (
    <div className="chain-column">
      <h3>{title}</h3>
      {nodes.length ? (
        <div className="chain-list" tabIndex={nodes.length > 5 ? 0 : undefined} role="group" aria-label={title}>
          {nodes.map((node) => (
            <Node key={node.key} node={node} />
          ))}
        </div>
      ) : (
        <p className="dim">{none}</p>
      )}
    </div>
  );
}

function Node({ node, on }: { node: ChainNode; on?: boolean }) {
  return (
    <div className={on ? 'chain-node chain-node-on' : 'chain-node'}>
      {node.title}
      {node.small && <small>{node.small}</small>}
    </div>
  );
}
