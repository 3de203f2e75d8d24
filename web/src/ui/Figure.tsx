import { Popover } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { Facts } from './Facts';
import { large, moment } from './format';
import { words } from './strings';

type Origin = Schemas['Provenance'];

/** Where a figure comes from, one click away. */
export function Provenance({ origin, owner, children }: { origin: Origin; owner?: string | undefined; children: ReactNode }) {
  return (
    <Popover trigger="click" content={<OriginCard origin={origin} owner={owner} />}>
      {children}
    </Popover>
  );
}

export function OriginCard({ origin, owner }: { origin: Origin; owner?: string | undefined }) {
  return (
    <div className="origin">
      <Facts
        facts={[
          [words.how, origin.how],
          [words.dataset, `${origin.title} ${origin.dataset}`],
          [words.version, origin.version === null ? words.notMade : `v${origin.version}`],
          [words.updated, moment(origin.at)],
          [words.owner, owner ?? origin.owner],
        ]}
      />
      <Link to={`/catalogue/${origin.dataset}`}>{words.openDataset} →</Link>
    </div>
  );
}

interface Props {
  title: string;
  value: number | null;
  unit?: string;
  tone?: 'red';
  to?: string;
  active?: boolean;
}

/** A small figure; with `to` it leads to the rows that it counts. */
export function Figure({ title, value, unit = '', tone, to, active }: Props) {
  const { figure, scale } = large(value);
  const body = (
    <>
      <span className="figure-title">{title}</span>
      <span className={tone === 'red' && value ? 'figure-value red' : 'figure-value'}>
        {figure}
        <small>
          {scale}
          {unit}
        </small>
      </span>
    </>
  );
  const name = active ? 'figure figure-on' : 'figure';
  return to ? (
    <Link className={name} to={to}>
      {body}
    </Link>
  ) : (
    <div className={name}>{body}</div>
  );
}

export function Figures({ children }: { children: ReactNode }) {
  return <div className="figures">{children}</div>;
}
