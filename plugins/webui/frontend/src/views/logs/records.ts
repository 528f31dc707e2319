/** Records of the log: put together, chosen, written as lines. */
import type { Schemas } from "../../api/types";

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
  source: string;
  text: string;
}

/** The records that are wanted: at least as serious, of the source, with all words in any order. */
export function wantedOf(records: LogRecord[], { level, source, text }: Wanted): LogRecord[] {
  const least = LEVELS.indexOf(level);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return records.filter((each) => {
    if (LEVELS.indexOf(each.level) > least || (source && each.source !== source)) return false;
    const line = `${each.source} ${each.message}`.toLowerCase();
    return words.every((word) => line.includes(word));
  });
}

/** A record as a line of a file. */
export function lineOf(record: LogRecord): string {
  return `${new Date(record.ts).toISOString()} ${record.level.toUpperCase().padEnd(5)} ${record.source}: ${record.message}`;
}
