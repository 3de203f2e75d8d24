import { Popover, Segmented, Select } from 'antd';
import { useMemo, useState } from 'react';
import type { Schemas } from '@/api/client';
import { OriginCard } from '@/ui/Figure';
import { count } from '@/ui/format';
import { Panel } from './Panel';
import { words } from './strings';
import { hexagon, hexBoard, nameLines, STEPS, stepOf, type Tile } from './tiles';

type Places = Schemas['Places'];
type Agency = Schemas['AgencyState'];

const WIDTH = 880;
const HEIGHT = 492;
const FEW = 5;
const LEGIBLE = 40;
const NAMED = 24;

export function PlacesPanel({ places, agencies }: { places: Places | null; agencies: Agency[] }) {
  const [chosen, choose] = useState(0);
  if (!places?.places.length) {
    return (
      <Panel title={words.places} grow>
        <div className="ck-empty">
          <b>{words.placesEmpty}</b>
          <p>{words.placesEmptyText}</p>
        </div>
      </Panel>
    );
  }
  const owner = agencies.find((one) => one.code === places.provenance.owner)?.title;
  return (
    <Panel title={words.places} note={<Chooser titles={places.titles} chosen={chosen} choose={choose} />} grow>
      <Tiles places={places} chosen={chosen} />
      <div className="ck-foot">
        <Legend places={places} chosen={chosen} />
        <span>{words.schematicNote}</span>
        <Popover trigger="click" placement="top" classNames={{ root: 'ck-pop' }} content={<OriginCard origin={places.provenance} owner={owner} />}>
          <button className="ck-source">{words.source}</button>
        </Popover>
      </div>
    </Panel>
  );
}

function Chooser({ titles, chosen, choose }: { titles: string[]; chosen: number; choose: (at: number) => void }) {
  const options = titles.map((label, value) => ({ label, value }));
  if (titles.length <= FEW) return <Segmented value={chosen} options={options} onChange={choose} />;
  return <Select aria-label={words.places} style={{ width: 220 }} value={chosen} options={options} onChange={choose} />;
}

function range(places: Places, chosen: number): { least: number; most: number } {
  const values = places.places.flatMap((one) => one.values[chosen] ?? []);
  return values.length ? { least: Math.min(...values), most: Math.max(...values) } : { least: 0, most: 0 };
}

function Tiles({ places, chosen }: { places: Places; chosen: number }) {
  const board = useMemo(() => hexBoard(places.places.length, WIDTH, HEIGHT), [places.places.length]);
  const { least, most } = range(places, chosen);
  const title = places.titles[chosen] ?? '';
  return (
    <svg className="ck-tiles" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${words.schematic} ${title}`}>
      {places.places.map((place, at) => {
        const tile = board.tiles[at];
        const value = place.values[chosen];
        const step = stepOf(value, least, most);
        return (
          tile && (
            <g key={place.code} className={step === null ? 'ck-tile ck-tile-none' : `ck-tile ck-tile-${step}`}>
              <title>{`${place.name} ${title} ${value === null || value === undefined ? words.noValue : count(value)}`}</title>
              <polygon points={hexagon(tile, board.radius - 2.5)} />
              {board.radius > NAMED && <PlaceName name={place.name} tile={tile} radius={board.radius} />}
              {board.radius > LEGIBLE && (
                <text x={tile.x} y={tile.y + (nameLines(place.name).length > 1 ? 26 : 20)} className="ck-tile-value" fontSize={Math.min(20, board.radius / 3)}>
                  {count(value)}
                </text>
              )}
            </g>
          )
        );
      })}
    </svg>
  );
}

/** A long name takes two lines; the tile's title has the whole of it. */
function PlaceName({ name, tile, radius }: { name: string; tile: Tile; radius: number }) {
  const lines = nameLines(name);
  const longest = Math.max(...lines.map((line) => line.length));
  const size = Math.min(16, (radius * 1.55) / longest);
  const middle = tile.y + (lines.length > 1 || radius <= LEGIBLE ? 4 : -4);
  return lines.map((line, at) => (
    <text key={at} x={tile.x} y={middle + (at - lines.length + 1) * size * 1.2} fontSize={size}>
      {line}
    </text>
  ));
}

function Legend({ places, chosen }: { places: Places; chosen: number }) {
  const { least, most } = range(places, chosen);
  return (
    <span className="ck-legend">
      {count(least)}
      {Array.from({ length: STEPS }, (_, step) => (
        <i key={step} className={`ck-tile-${step}`} />
      ))}
      {count(most)}
    </span>
  );
}
