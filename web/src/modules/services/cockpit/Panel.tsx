import { Popover } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { moment } from '@/ui/format';
import { words } from './strings';

/** Where the figures of a panel come from: how they are counted, when, by whose rule, and the page behind. */
export interface Origin {
  how: string;
  rule: string;
  at: string;
  to: string;
  page: string;
}

interface Props {
  title: string;
  note?: ReactNode;
  grow?: boolean;
  origin?: Origin;
  children: ReactNode;
}

export function Panel({ title, note, grow, origin, children }: Props) {
  return (
    <section className={grow ? 'ck-panel ck-grow' : 'ck-panel'} aria-label={title}>
      <div className="ck-panel-head">
        <h2>{title}</h2>
        {note && <span>{note}</span>}
        {origin && <OriginButton title={title} origin={origin} />}
      </div>
      {children}
    </section>
  );
}

function OriginButton({ title, origin }: { title: string; origin: Origin }) {
  const card = (
    <div className="ck-origin">
      <b>{title}</b>
      <dl>
        <dt>{words.howTitle}</dt>
        <dd>{origin.how}</dd>
        <dt>{words.rule}</dt>
        <dd>{origin.rule}</dd>
        <dt>{words.source}</dt>
        <dd>{words.platform}</dd>
        <dt>{words.time}</dt>
        <dd>{moment(origin.at)}</dd>
      </dl>
      <Link to={origin.to}>{origin.page} →</Link>
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" classNames={{ root: 'ck-pop' }} content={card}>
      <button className="ck-source" aria-label={words.sourceOf(title)}>
        {words.source}
      </button>
    </Popover>
  );
}
