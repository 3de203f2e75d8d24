import { Popover, Segmented, Select } from 'antd';
import { useMemo, useState } from 'react';
import type { Schemas } from '@/api/client';
import { OriginCard } from '@/ui/Figure';
import { count } from '@/ui/format';
import { MapPart } from './MapPart';
import { Panel } from './Panel';
import { words } from './strings';
import { hexagon, hexBoard, nameLines, STEPS, stepOf, type Tile } from './tiles';

type Places = Schemas['Places'];
type Agency = Schemas['AgencyState'];

const WIDTH = 880;
const NARROW = 520;
const HEIGHT = 560;
const FEW = 5;
const LEGIBLE = 40;
const NAMED = 24;

interface Props {
  places: Places | null;
  map: Schemas['Map'] | null;
  agencies: Agency[];
}

/** The county among its neighbours, and its places as a schematic beside it. */
export function PlacesPanel({ places, map, agencies }: Props) {
  const [chosen, choose] = useState(0);
  const shown = places?.places.length ? places : null;
  return (
    <Panel title={words.places} note={shown && <Chooser titles={shown.titles} chosen={chosen} choose={choose} />} grow>
      <div className="ck-where">
        {map && <MapPart told={map} places={shown} chosen={chosen} />}
        {shown ? (
          <Tiles places={shown} chosen={chosen} width={map ? NARROW : WIDTH} />
        ) : (
          <div className="ck-empty">
            <b>{words.placesEmpty}</b>
            <p>{words.placesEmptyText}</p>
          </div>
        )}
      </div>
      {shown && <Foot beside={map !== null} places={shown} chosen={chosen} owner={agencies.find((one) => one.code === shown.provenance.owner)?.title} />}
    </Panel>
  );
}

interface FootProps {
  places: Places;
  chosen: number;
  owner: string | undefined;
  beside: boolean;
}

function Foot({ places, chosen, owner, beside }: FootProps) {
  return (
    <div className="ck-foot">
      <Legend places={places} chosen={chosen} />
      <span title={words.schematicNote}>{beside ? words.schematicShort : words.schematicAlone}</span>
      <Popover trigger="click" placement="top" classNames={{ root: 'ck-pop' }} content={<OriginCard origin={places.provenance} owner={owner} />}>
        <button className="ck-source" aria-label={words.sourceOf(words.places)}>
          {words.source}
        </button>
      </Popover>
    </div>
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

function Tiles({ places, chosen, width }: { places: Places; chosen: number; width: number }) {
  const board = useMemo(() => hexBoard(places.places.length, width, HEIGHT), [places.places.length, width]);
  const { least, most } = range(places, chosen);
  const title = places.titles[chosen] ?? '';
  return (
    <svg className="ck-tiles" viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={`${words.schematic} ${title}`}>
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
                <text x={tile.x} y={tile.y + (nameLines(place.name).length > 1 ? 26 : 20)} className="ck-tile-value" fontSize={Math.min(24, board.radius / 2.6)}>
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
  const size = Math.min(17, (radius * 1.4) / longest);
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
