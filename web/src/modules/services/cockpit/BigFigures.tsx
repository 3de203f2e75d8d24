import { Popover } from 'antd';
import type { Schemas } from '@/api/client';
import { OriginCard } from '@/ui/Figure';
import { count, large, moment } from '@/ui/format';
import { figuresOf } from './figures';
import { words } from './strings';

type Figure = Schemas['Figure'];

export function BigFigures({ cockpit }: { cockpit: Schemas['Cockpit'] }) {
  const owners = new Map(cockpit.overview.agencies.map((one) => [one.code, one.title]));
  return (
    <div className="ck-figures">
      {figuresOf(cockpit).map((figure) => (
        <BigFigure key={figure.title} figure={figure} owner={owners.get(figure.provenance.owner)} />
      ))}
    </div>
  );
}

function BigFigure({ figure, owner }: { figure: Figure; owner: string | undefined }) {
  const { figure: shown, scale } = large(figure.value);
  return (
    <Popover trigger="click" placement="bottom" classNames={{ root: 'ck-pop' }} content={<Origin figure={figure} owner={owner} />}>
      <button className="ck-figure" data-value={figure.value ?? ''} title={`${count(figure.value)} ${figure.unit}`}>
        <span>{figure.title}</span>
        <b>
          {shown}
          <small>
            {scale}
            {figure.unit}
          </small>
        </b>
      </button>
    </Popover>
  );
}

function Origin({ figure, owner }: { figure: Figure; owner: string | undefined }) {
  const origin = figure.provenance;
  if (origin.dataset) return <OriginCard origin={origin} owner={owner} />;
  return (
    <div className="ck-origin">
      <b>
        {count(figure.value)} {figure.unit}
      </b>
      <p>{origin.how}</p>
      <p>
        {words.source} {origin.title} · {moment(origin.at)}
      </p>
    </div>
  );
}
