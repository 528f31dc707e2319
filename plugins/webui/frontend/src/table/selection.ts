/** Which rows are selected. Keys that are not in the list any more do not count. */
import { useCallback, useMemo, useState } from "react";

export interface Selected {
  keys: ReadonlySet<string>;
  /** Where a range begins. */
  anchor: string | null;
}

export const NOTHING: Selected = { keys: new Set(), anchor: null };

export interface How {
  /** With Ctrl: this row as well, or not any more. */
  toggle?: boolean;
  /** With Shift: all from the anchor to here. */
  range?: boolean;
}

/** The selection after a click on a row of a list in this order. */
export function select(before: Selected, order: readonly string[], key: string, how: How = {}): Selected {
  if (how.range && before.anchor !== null) {
    const [a, b] = [order.indexOf(before.anchor), order.indexOf(key)];
    if (a >= 0 && b >= 0) {
      const range = order.slice(Math.min(a, b), Math.max(a, b) + 1);
      return { keys: new Set(how.toggle ? [...before.keys, ...range] : range), anchor: before.anchor };
    }
  }
  if (!how.toggle) return { keys: new Set([key]), anchor: key };
  const keys = new Set(before.keys);
  if (!keys.delete(key)) keys.add(key);
  return { keys, anchor: key };
}

export interface Selection {
  /** Those that are selected and still there, in the order of the list. */
  keys: string[];
  has: (key: string) => boolean;
  click: (key: string, how?: How) => void;
  all: () => void;
  clear: () => void;
  set: (keys: Iterable<string>) => void;
}

/** Keep a selection over the rows in this order. */
export function useSelection(order: readonly string[]): Selection {
  const [selected, setSelected] = useState(NOTHING);
  const keys = useMemo(
    () => (selected.keys.size === 0 ? NO_KEYS : order.filter((key) => selected.keys.has(key))),
    [order, selected],
  );
  const click = useCallback(
    (key: string, how?: How) => setSelected((before) => select(before, order, key, how)),
    [order],
  );
  const clear = useCallback(() => setSelected(NOTHING), []);
  const set = useCallback((next: Iterable<string>) => setSelected({ keys: new Set(next), anchor: null }), []);
  const all = useCallback(() => setSelected({ keys: new Set(order), anchor: null }), [order]);
  const has = useCallback((key: string) => selected.keys.has(key), [selected]);
  return useMemo(() => ({ keys, has, click, all, clear, set }), [keys, has, click, all, clear, set]);
}

const NO_KEYS: string[] = [];
