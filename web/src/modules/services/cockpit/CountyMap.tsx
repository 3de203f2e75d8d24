import 'maplibre-gl/dist/maplibre-gl.css';
import { addProtocol, Map as GlMap, setWorkerUrl, type ExpressionSpecification, type StyleSpecification } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { PMTiles, Protocol } from 'pmtiles';
import { useEffect, useRef, useState } from 'react';
import type { Schemas } from '@/api/client';
import { STEPS, stepOf } from './tiles';

type Told = Schemas['Map'];
type Places = Schemas['Places'];

const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';
const COLOURS = ['#1c2f57', '#23437f', '#2a57ab', '#326bd6', '#3f7dff'];
const QUIET = '#16223a';
const FOCUS = '#2a57ab';
const NOWHERE = '-';

setWorkerUrl(workerUrl);
const protocol = new Protocol();
addProtocol('pmtiles', protocol.tile);

/** Districts that are places themselves take the colour of their value; else the focus stands out. */
function colour(told: Told, places: Places | null, chosen: number): ExpressionSpecification {
  const values = places?.places.flatMap((one) => one.values[chosen] ?? []) ?? [];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const steps = (places?.places ?? []).flatMap((one) => {
    const step = stepOf(one.values[chosen], least, most);
    return step === null ? [] : [one.code, COLOURS[Math.min(step, STEPS - 1)] ?? QUIET];
  });
  return ['match', ['get', 'code'], NOWHERE, QUIET, ...steps, ...(told.focus && !steps.includes(told.focus) ? [told.focus, FOCUS] : []), QUIET];
}

function styleOf(url: string, told: Told): StyleSpecification {
  const isFocus: ExpressionSpecification = ['==', ['get', 'code'], told.focus ?? NOWHERE];
  return {
    version: 8,
    sources: { map: { type: 'vector', url: `pmtiles://${url}` } },
    layers: [
      { id: 'area', type: 'fill', source: 'map', 'source-layer': 'district', paint: { 'fill-color': QUIET } },
      { id: 'line', type: 'line', source: 'map', 'source-layer': 'district', paint: { 'line-color': '#4a5d85', 'line-width': 1.2 } },
      {
        id: 'focus', type: 'line', source: 'map', 'source-layer': 'district', filter: isFocus,
        paint: { 'line-color': '#9dbcff', 'line-width': 3 },
      },
      {
        id: 'name', type: 'symbol', source: 'map', 'source-layer': 'label',
        layout: {
          'text-field': ['get', 'name'],
          'text-size': ['case', isFocus, 26, 17],
          'symbol-sort-key': ['case', isFocus, 0, ['get', 'rank']],
          'text-variable-anchor': ['center', 'left', 'bottom', 'top', 'right'],
          'text-radial-offset': 0.4,
          'text-padding': 1,
        },
        paint: { 'text-color': ['case', isFocus, '#ffffff', '#e6ebf5'], 'text-halo-color': '#0b1322', 'text-halo-width': 1.4 },
      },
    ],
  };
}

interface Props {
  told: Told;
  places: Places | null;
  chosen: number;
  fail: () => void;
}

/** Vector tiles of our own origin; it neither moves nor zooms, for it hangs on a wall. */
export default function CountyMap({ told, places, chosen, fail }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<GlMap | null>(null);
  useEffect(() => {
    let made: GlMap | undefined;
    let gone = false;
    const url = `${window.location.origin}/api/cockpit/map/${told.digest}`;
    const archive = new PMTiles(url);
    protocol.add(archive);
    archive
      .getHeader()
      .then((head) => {
        if (gone || !box.current) return;
        made = new GlMap({
          container: box.current,
          style: styleOf(url, told),
          bounds: [head.minLon, head.minLat, head.maxLon, head.maxLat],
          fitBoundsOptions: { padding: 14 },
          maxZoom: 11,
          interactive: false,
          attributionControl: false,
          localIdeographFontFamily: FONT,
          fadeDuration: 0,
        });
        made.once('load', () => setMap(made ?? null));
      })
      .catch(() => !gone && fail());
    return () => {
      gone = true;
      setMap(null);
      made?.remove();
    };
    // The map is made once for each file; what else is told of it does not move it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [told.digest]);
  useEffect(() => {
    map?.setPaintProperty('area', 'fill-color', colour(told, places, chosen));
  }, [map, told, places, chosen]);
  return <div className="ck-map-box" data-ready={map ? true : undefined} ref={box} />;
}
