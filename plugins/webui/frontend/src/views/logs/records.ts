/** Records of the log: put together, chosen, written as lines. */
import type { Schemas } from "../../api/types";
import { matches, wordsOf } from "../../items/words";

export type LogRecord = Schemas["AppLogRecord"];
export type Level = LogRecord["level"];

export const LEVELS: readonly Level[] = ["error", "warn", "info", "debug"];
/** More than the daemon keeps of all levels together. */
export const KEPT = 10_000;

/** Put new records behind known ones; what both have, at the end of one and the beginning of the other, stays once. */
export function joined(known: LogRecord[], more: LogRecord[]): LogRecord[] {
  const most = Math.min(known.length, more.length);
  for (let both = most; both > 0; both--) {
    const tail = known.slice(known.length - both);
    if (tail.every((each, at) => same(each, more[at]))) return [...known, ...more.slice(both)].slice(-KEPT);
  }
  return [...known, ...more].slice(-KEPT);
}

function same(a: LogRecord, b: LogRecord | undefined): boolean {
  return a.ts === b?.ts && a.message === b.message && a.source === b.source && a.level === b.level;
}

export interface Wanted {
  level: Level;
  /** Any of them; none means all. */
  sources: readonly string[];
  text: string;
}

export interface Found {
  records: LogRecord[];
  /** Of each source how many there are at this level with these words, by name. */
  counts: [source: string, count: number][];
}

/** The records that are wanted: at least as serious, of the sources, with all words in any order. */
export function wantedOf(records: LogRecord[], { level, sources, text }: Wanted): Found {
  const least = LEVELS.indexOf(level);
  const words = wordsOf(text);
  const counts = new Map<string, number>([...records.map((each) => each.source), ...sources].map((each) => [each, 0]));
  const found = records.filter((each) => {
    if (LEVELS.indexOf(each.level) > least || !matches(`${each.source} ${each.message}`.toLowerCase(), words)) return false;
    counts.set(each.source, (counts.get(each.source) ?? 0) + 1);
    return sources.length === 0 || sources.includes(each.source);
  });
  return { records: found, counts: [...counts].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** A record as a line of a file. */
export function lineOf(record: LogRecord): string {
  return `${new Date(record.ts).toISOString()} ${record.level.toUpperCase().padEnd(5)} ${record.source}: ${record.message}`;
}
