/** Bars of what was moved: where each stands and how high it is. No drawing here. */

export interface Moved {
  /** Start of its bucket, in ms. */
  timestamp: number;
  down: number;
  up: number;
}

const HOUR = 3600;

/** Seconds of a bucket of a range, and of the whole range. Source: http-api 10. */
export const MOVED_S: Record<string, { bucket: number; range: number }> = {
  "24h": { bucket: 15 * 60, range: 24 * HOUR },
  "7d": { bucket: 2 * HOUR, range: 7 * 24 * HOUR },
  "30d": { bucket: 6 * HOUR, range: 30 * 24 * HOUR },
  "1y": { bucket: 24 * HOUR, range: 365 * 24 * HOUR },
};

export interface Bar {
  point: Moved;
  /** 0 to 1, of the width. */
  left: number;
  width: number;
  /** 0 to 1, of the height. */
  down: number;
  up: number;
}

/** Place the bars in the time from `range` ago until `now` (ms); `top` is the value at the upper edge. */
export function barsOf(points: Moved[], range: string, now: number, top: number): Bar[] {
  const { bucket, range: whole } = MOVED_S[range] ?? { bucket: 900, range: 86_400 };
  const end = Math.ceil(now / 1000 / bucket) * bucket;
  const start = end - whole;
  return points.flatMap((point) => {
    const left = (point.timestamp / 1000 - start) / whole;
    if (left < 0 || left >= 1) return [];
    return [{ point, left, width: bucket / whole, down: point.down / top, up: point.up / top }];
  });
}

/** Times at which the axis has a word: at most `most` of them, in ms. */
export function timeTicks(range: string, now: number, most: number): number[] {
  const { range: whole } = MOVED_S[range] ?? { range: 86_400 };
  const steps = [HOUR, 3 * HOUR, 6 * HOUR, 24 * HOUR, 2 * 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR, 91 * 24 * HOUR];
  const step = steps.find((each) => whole / each <= most) ?? whole;
  const shift = new Date(now).getTimezoneOffset() * 60;
  const ticks: number[] = [];
  const first = Math.ceil((now / 1000 - whole - shift) / step) * step + shift;
  for (let time = first; time <= now / 1000; time += step) ticks.push(time * 1000);
  return ticks;
}
