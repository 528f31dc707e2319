/** What a client says of one item when it is asked: asked for when a tab opens, and again every few seconds. */
import { useEffect, useState } from "react";
import { call, type Reply } from "../../api/client";
import type { Item } from "../../api/types";

export type Detail = Reply<"/api/item/detail/{hash}", "get">;

interface Asked<T> {
  data: T | null;
  error: Error | null;
}

const EVERY_MS = 5000;

function useAsked<T>(ask: (signal: AbortSignal) => Promise<T>, key: string): Asked<T> & { again: () => void } {
  const [found, setFound] = useState<Asked<T>>({ data: null, error: null });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function run() {
      try {
        const data = await ask(stop.signal);
        setFound({ data, error: null });
      } catch (error) {
        if (stop.signal.aborted) return;
        setFound((before) => ({ ...before, error: error instanceof Error ? error : new Error(String(error)) }));
      }
      if (!stop.signal.aborted) timer = setTimeout(() => void run(), EVERY_MS);
    }
    void run();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
    // the question is the key
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, times]);
  return { ...found, again: () => setTimes((each) => each + 1) };
}

export function useDetail({ hash, instanceId }: Item) {
  return useAsked(
    (signal) => call("get", "/api/item/detail/{hash}", { path: { hash }, query: { instanceId }, signal }),
    `detail ${instanceId} ${hash}`,
  );
}

export function useFiles({ hash, instanceId }: Item) {
  return useAsked(
    (signal) => call("get", "/api/item/files/{hash}", { path: { hash }, query: { instanceId }, signal }),
    `files ${instanceId} ${hash}`,
  );
}
