/** The searches of some ids, followed as they run; and the last ones where none is asked for. */
import { useCallback, useEffect, useState } from "react";
import { call } from "../../api/client";
import { useMessages } from "../../live/hooks";
import { getLive, useLive } from "../../live/store";
import type { SocketMessage } from "../../api/types";
import { afterMessage, lastOnes, runOf, withReply, type Run } from "./runs";

type Runs = Record<string, Run>;

export interface FollowedRuns {
  runs: Run[];
  /** Nothing has been answered yet. */
  loading: boolean;
  /** Ids that the daemon does not know any more. */
  lost: string[];
}

/** Follow the searches of these ids (with commas between them). */
export function useRuns(ids: string): FollowedRuns {
  const [runs, setRuns] = useState<Runs>({});
  const [lost, setLost] = useState<string[]>([]);
  const wanted = ids ? ids.split(",") : NONE;
  const isLive = useLive((live) => live.phase === "live");
  useEffect(() => {
    if (!isLive) return;
    const stop = new AbortController();
    for (const searchId of ids ? ids.split(",") : []) {
      call("get", "/api/v1/search/results", { query: { searchId }, signal: stop.signal }).then(
        (reply) => {
          const run = runOf(reply);
          if (run) setRuns((before) => ({ ...before, [run.id]: withReply(before[run.id], run) }));
        },
        () => {
          if (!stop.signal.aborted) setLost((before) => [...before, searchId]);
        },
      );
    }
    return () => stop.abort();
  }, [ids, isLive]);
  const hear = useCallback((message: SocketMessage) => {
    if (message.type !== "search-progress" && message.type !== "search-results") return;
    setRuns((before) => {
      const run = before[message.searchId] ?? emptyRun(message.searchId, message.instanceId);
      return { ...before, [run.id]: afterMessage(run, message) };
    });
  }, []);
  useMessages(hear);
  const shown = wanted.flatMap((id) => runs[id] ?? []);
  return { runs: shown, loading: wanted.some((id) => !runs[id] && !lost.includes(id)), lost };
}

const NONE: string[] = [];

function emptyRun(id: string, instanceId: string): Run {
  const unknown = { percent: null, error: null, query: null, startedAt: null };
  return { id, instanceId, running: true, cancelled: false, ...unknown, rows: new Map() };
}

/** The ids of what was searched for last, by anybody; of one instance or of all that can search. */
export async function findLast(instanceId?: string): Promise<string> {
  const able = Object.entries(getLive().instances).filter(([, each]) => each.connected && each.capabilities["search"]);
  const asked = instanceId === undefined ? able.map(([id]) => id) : [instanceId];
  const ask = (id: string) => call("get", "/api/v1/search/results", { query: { instanceId: id } }).then(runOf, () => null);
  const found = (await Promise.all(asked.map(ask))).filter((each): each is Run => each !== null);
  return lastOnes(found)
    .map((each) => each.id)
    .join(",");
}
