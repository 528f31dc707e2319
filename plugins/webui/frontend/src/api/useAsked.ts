/** What a view asks the daemon for when it opens, and can ask for again. */
import { useCallback, useEffect, useState } from "react";

export interface Asked<T> {
  /** null until the first answer is there. */
  value: T | null;
  /** Why the last request failed; the value before it stays. */
  error: Error | null;
  again: () => void;
}

/** Ask with `ask`, which must stay the same function (of a module, or by `useCallback`) as long as the question does. */
export function useAsked<T>(ask: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const [found, setFound] = useState<{ of: typeof ask; value: T } | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [count, setCount] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    ask(stop.signal).then(
      (value) => {
        setFound({ of: ask, value });
        setError(null);
      },
      (failed: unknown) => {
        if (!stop.signal.aborted) setError(failed instanceof Error ? failed : new Error(String(failed)));
      },
    );
    return () => stop.abort();
  }, [ask, count]);
  const again = useCallback(() => setCount((before) => before + 1), []);
  return { value: found?.of === ask ? found.value : null, error, again };
}
