/** Measured points as lines to draw: where nothing was measured there is a gap. */
import { MOVED_S } from "./transfer";

export interface Point {
  timestamp: number;
  downloadSpeed: number;
  uploadSpeed: number;
}

export type Series = [times: number[], down: (number | null)[], up: (number | null)[]];

/** Seconds between two points of a range. Source: http-api 10. */
export const BUCKET_S: Record<string, number> = { "24h": 15, "7d": 900, "30d": 3600, "1y": 86_400 };

/** The whole of a range, from then until `now` (ms), in seconds: what was not measured in it stays empty. */
export function spanOf(range: string, now: number): [from: number, to: number] {
  const end = now / 1000;
  return [end - (MOVED_S[range]?.range ?? 86_400), end];
}

/** Points further apart than two buckets get an empty one between them. */
export function seriesOf(points: Point[], bucket_s: number): Series {
  const series: Series = [[], [], []];
  let last: number | null = null;
  for (const { timestamp, downloadSpeed, uploadSpeed } of points) {
    const time = timestamp / 1000;
    if (last !== null && time - last > bucket_s * 2.5) push(series, last + bucket_s, null, null);
    push(series, time, downloadSpeed, uploadSpeed);
    last = time;
  }
  return series;
}

function push(series: Series, time: number, down: number | null, up: number | null): void {
  series[0].push(time);
  series[1].push(down);
  series[2].push(up);
}

/** Ticks of an axis of speeds: powers of 1024 cut into halves, as the units are. */
export function speedTicks(top: number, most = 5): number[] {
  let step = 1;
  while (step * 1024 < top) step *= 1024;
  while (top / step > most) step *= 2;
  while (top / step < most / 2 && step > 1) step /= 2;
  const ticks: number[] = [];
  for (let value = 0; value <= top * 1.001; value += step) ticks.push(value);
  return ticks;
}
