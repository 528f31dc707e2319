/** The one store of the live list, and the hooks by which components read it. */
import { useCallback, useRef, useSyncExternalStore } from "react";
import type { Item } from "../api/types";
import { EMPTY, type LiveState } from "./state";

let state: LiveState = EMPTY;
const listeners = new Set<() => void>();

export function getLive(): LiveState {
  return state;
}

export function setLive(next: LiveState): void {
  if (next === state) return;
  state = next;
  for (const each of [...listeners]) each();
}

export function patchLive(patch: Partial<LiveState>): void {
  setLive({ ...state, ...patch });
}

export function subscribeLive(heard: () => void): () => void {
  listeners.add(heard);
  return () => listeners.delete(heard);
}

/** Read part of the state; the component renders anew only when that part is another one (by `same`). */
export function useLive<T>(select: (state: LiveState) => T, same: (a: T, b: T) => boolean = Object.is): T {
  const kept = useRef<{ value: T } | null>(null);
  const read = useCallback(() => {
    const value = select(state);
    if (kept.current && same(kept.current.value, value)) return kept.current.value;
    kept.current = { value };
    return value;
  }, [select, same]);
  return useSyncExternalStore(subscribeLive, read);
}

/** Follow one item; undefined when it is not there. */
export function useItem(key: string): Item | undefined {
  return useLive(useCallback((each: LiveState) => each.items.get(key), [key]));
}

/** Follow the whole list: the map is the same object each time, the revision says that entries changed. */
export function useItems(): { items: Map<string, Item>; revision: number } {
  return useLive(
    (each) => ({ items: each.items, revision: each.revision }),
    (a, b) => a.revision === b.revision && a.items === b.items,
  );
}
