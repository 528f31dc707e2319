/** The program's own log: what was there when the view opened, and what came since. */
import { useCallback, useEffect, useState } from "react";
import { call } from "../../api/client";
import type { SocketMessage } from "../../api/types";
import { useChannel, useIsLive, useMessages } from "../../live/hooks";
import { joined, KEPT, type LogRecord } from "./records";

const ASKED = 2000;

export interface Log {
  /** null until the first answer. */
  records: LogRecord[] | null;
  error: Error | null;
  again: () => void;
}

/** Follow the log by the socket's channel; after a lost connection what was missed is read. */
export function useLog(): Log {
  const [records, setRecords] = useState<LogRecord[] | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [count, setCount] = useState(0);
  const live = useIsLive();
  useChannel("log");
  const heard = useCallback((message: SocketMessage) => {
    if (message.type !== "app-log-append") return;
    const more = message.data as LogRecord[];
    setRecords((known) => (known ? [...known, ...more].slice(-KEPT) : known));
  }, []);
  useMessages(heard);
  useEffect(() => {
    if (!live) return;
    const stop = new AbortController();
    call("get", "/api/v1/logs/app", { query: { limit: ASKED }, signal: stop.signal }).then(
      ({ data }) => {
        setRecords((known) => (known ? joined(known, data) : data));
        setError(null);
      },
      (failed: unknown) => {
        if (!stop.signal.aborted) setError(failed instanceof Error ? failed : new Error(String(failed)));
      },
    );
    return () => stop.abort();
  }, [live, count]);
  const again = useCallback(() => setCount((before) => before + 1), []);
  return { records, error, again };
}
