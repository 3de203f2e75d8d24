import { Component as ReactComponent, lazy, Suspense, useState, type ReactNode } from 'react';
import type { Schemas } from '@/api/client';
import { words } from './strings';

const CountyMap = lazy(() => import('./CountyMap'));

type Told = Schemas['Map'];

let drawable: boolean | undefined;

/** Whether this browser draws in 3D at all; asked once. */
function canDraw(): boolean {
  drawable ??= document.createElement('canvas').getContext('webgl2') !== null;
  return drawable;
}

/** A map that cannot be drawn takes nothing else with it. */
class Guard extends ReactComponent<{ fail: () => void; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError() {
    return { broken: true };
  }
  override componentDidCatch() {
    this.props.fail();
  }
  override render() {
    return this.state.broken ? null : this.props.children;
  }
}

interface Props {
  told: Told;
  places: Schemas['Places'] | null;
  chosen: number;
}

export function MapPart({ told, places, chosen }: Props) {
  const [works, setWorks] = useState(canDraw);
  const fail = () => setWorks(false);
  return (
    <figure className={works ? 'ck-map' : 'ck-map ck-map-off'} aria-label={told.title}>
      {works ? (
        <Guard fail={fail}>
          <Suspense fallback={<div className="ck-map-box" />}>
            <CountyMap told={told} places={places} chosen={chosen} fail={fail} />
          </Suspense>
        </Guard>
      ) : (
        <p className="ck-quiet">{words.noGl}</p>
      )}
      <figcaption title={`${told.source} ${told.datum}`}>
        {told.title}
        <b>{told.approval ?? words.unapproved}</b>
      </figcaption>
    </figure>
  );
}
