/** Searches as they run: what is known of each, and what a message changes in it. No input or output here. */
import type { Schemas, SocketMessage } from "../../api/types";

export type Found = Schemas["SearchResult"] & { instanceId: string; searchId: string };

export interface Run {
  id: string;
  instanceId: string;
  running: boolean;
  cancelled: boolean;
  /** 0 to 100; null where the network does not say. */
  percent: number | null;
  error: string | null;
  query: string | null;
  startedAt: string | null;
  /** By hash and name: one that comes again replaces the one before. */
  rows: Map<string, Found>;
}

type Previous = Schemas["PreviousResults"];

export function keyOfFound(row: Found): string {
  return `${row.searchId}:${row.fileHash}:${row.fileName}`;
}

/** The run that a reply tells of; null: that instance has not searched yet. */
export function runOf(reply: Previous): Run | null {
  if (!reply.searchId) return null;
  const { searchId: id, instanceId } = reply;
  const run: Run = {
    id,
    instanceId,
    running: reply.running === true,
    cancelled: reply.cancelled === true,
    percent: reply.percent ?? null,
    error: reply.error ?? null,
    query: reply.query ?? null,
    startedAt: reply.startedAt ?? null,
    rows: new Map(),
  };
  return withRows(run, reply.data);
}

function withRows(run: Run, rows: Schemas["SearchResult"][], start: Map<string, Found> = run.rows): Run {
  const all = new Map(start);
  for (const row of rows) {
    const found = { ...row, instanceId: run.instanceId, searchId: run.id };
    all.set(keyOfFound(found), found);
  }
  return { ...run, rows: all };
}

/** A reply that was on its way while messages came: what they said is newer. */
export function withReply(before: Run | undefined, reply: Run): Run {
  if (!before) return reply;
  const rows = new Map([...reply.rows, ...before.rows]);
  const ended = !before.running;
  return {
    ...reply,
    rows,
    running: before.running && reply.running,
    cancelled: ended ? before.cancelled : reply.cancelled,
    error: before.error ?? reply.error,
  };
}

/** What a message changes; the same object if it is not about this run. */
export function afterMessage(run: Run, message: SocketMessage): Run {
  if (message.type === "search-progress" && message.searchId === run.id) {
    return withRows({ ...run, percent: message.percent }, message.data);
  }
  if (message.type === "search-results" && message.searchId === run.id) {
    const { running, cancelled, error = null } = message;
    return withRows({ ...run, running, cancelled, error }, message.data, new Map());
  }
  return run;
}

/** The runs that belong to the last question that was asked: the newest one, and those of other clients for the same. */
export function lastOnes(runs: Run[]): Run[] {
  const newest = runs.reduce<Run | null>((last, each) => (last && (last.startedAt ?? "") >= (each.startedAt ?? "") ? last : each), null);
  return newest ? runs.filter((each) => each.query === newest.query) : [];
}
