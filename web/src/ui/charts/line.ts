export interface Point {
  name: string;
  /** null: nothing was measured. */
  value: number | null;
  text: string;
}

export interface Placed extends Point {
  x: number;
  y: number;
  value: number;
}

/** The points that have a value, on a field of `width` × `height`; with `zero`, upwards from zero. */
export function placed(points: Point[], width: number, height: number, zero: boolean): Placed[] {
  const known = points.flatMap((point, at) => (point.value === null ? [] : [{ ...point, value: point.value, at }]));
  const values = known.map((point) => point.value);
  const low = zero ? 0 : Math.min(...values);
  const high = Math.max(...values);
  const span = high - low;
  return known.map((point) => ({
    ...point,
    x: points.length > 1 ? (point.at / (points.length - 1)) * width : width / 2,
    y: span > 0 ? height - ((point.value - low) / span) * height : high > 0 && zero ? 0 : height / 2,
  }));
}
