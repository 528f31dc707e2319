/** Something that is asked for when a component comes, and again when its question changes or somebody wants it. */
import { useCallback, useEffect, useState } from "react";
import { useLatest } from "../ui/useLatest";

export interface Asked<T> {
  /** The last answer; it stays while the next one is on its way. */
  data: T | null;
  /** Why there is none, if the last request failed. */
  error: Error | null;
  again: () => void;
  /** Take an answer that came another way. */
  set: (data: T) => void;
}

interface Kept<T> {
  key: string;
  data: T | null;
  error: Error | null;
}

/** Ask `ask`; `key` says what the question is: an answer to another one is not shown. With `everyMs` again and again. */
export function useAsked<T>(key: string, ask: (signal: AbortSignal) => Promise<T>, everyMs = 0): Asked<T> {
  const [kept, setKept] = useState<Kept<T>>({ key, data: null, error: null });
  const [turn, setTurn] = useState(0);
  const latest = useLatest(ask);
  useEffect(() => {
    const stop = new AbortController();
    const run = () => {
      if (document.hidden && everyMs > 0) return;
      latest.current(stop.signal).then(
        (data) => setKept({ key, data, error: null }),
        (refused: unknown) => {
          if (stop.signal.aborted) return;
          const error = refused instanceof Error ? refused : new Error(String(refused));
          setKept((before) => ({ key, data: before.key === key ? before.data : null, error }));
        },
      );
    };
    run();
    const timer = everyMs > 0 ? setInterval(run, everyMs) : undefined;
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [key, everyMs, turn, latest]);
  const again = useCallback(() => setTurn((each) => each + 1), []);
  const set = useCallback((data: T) => setKept({ key, data, error: null }), [key]);
  const current = kept.key === key;
  return { data: current ? kept.data : null, error: current ? kept.error : null, again, set };
}
