export interface Tile {
  x: number;
  y: number;
}

export interface Board {
  tiles: Tile[];
  radius: number;
}

const ROOT = Math.sqrt(3);

/** Even hexagons in rows, as large as the box allows. The order is the places' own. */
export function hexBoard(count: number, width: number, height: number): Board {
  let best: Board = { tiles: [], radius: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const shift = rows > 1 ? 0.5 : 0;
    const radius = Math.min(width / (ROOT * (columns + shift)), height / (1.5 * rows + 0.5));
    if (radius > best.radius) best = { radius, tiles: place(count, columns, radius, width, height) };
  }
  return best;
}

function place(count: number, columns: number, radius: number, width: number, height: number): Tile[] {
  const rows = Math.ceil(count / columns);
  const step = ROOT * radius;
  const left = (width - step * (columns + (rows > 1 ? 0.5 : 0))) / 2 + step / 2;
  const top = (height - radius * (1.5 * rows + 0.5)) / 2 + radius;
  return Array.from({ length: count }, (_, at) => {
    const row = Math.floor(at / columns);
    return { x: left + step * ((at % columns) + (row % 2 ? 0.5 : 0)), y: top + radius * 1.5 * row };
  });
}

export function hexagon({ x, y }: Tile, radius: number): string {
  return Array.from({ length: 6 }, (_, at) => {
    const angle = (Math.PI / 3) * at + Math.PI / 6;
    return `${(x + radius * Math.cos(angle)).toFixed(1)},${(y + radius * Math.sin(angle)).toFixed(1)}`;
  }).join(' ');
}

const ONE_LINE = 5;
const TWO_LINES = 12;

/** One line for a short name, two for a long one, and an end mark for what is longer still. */
export function nameLines(name: string): string[] {
  if (name.length <= ONE_LINE) return [name];
  const kept = name.length > TWO_LINES ? `${name.slice(0, TWO_LINES - 1)}…` : name;
  const half = Math.ceil(kept.length / 2);
  return [kept.slice(0, half), kept.slice(half)];
}

export const STEPS = 5;

/** Which of five equal steps between the least and the most a value falls into. */
export function stepOf(value: number | null | undefined, least: number, most: number): number | null {
  if (value === null || value === undefined) return null;
  if (most <= least) return STEPS - 1;
  return Math.min(STEPS - 1, Math.floor(((value - least) / (most - least)) * STEPS));
}
