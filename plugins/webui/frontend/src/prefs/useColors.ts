/** A number that is another one whenever the colours are: what is painted on a canvas has to be painted anew then. */
import { useSyncExternalStore } from "react";

let turn = 0;
const listeners = new Set<() => void>();

function changed(): void {
  turn += 1;
  for (const each of [...listeners]) each();
}

function subscribe(heard: () => void): () => void {
  // the same function again is no second listener
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  addEventListener("amutorrent:theme", changed);
  listeners.add(heard);
  return () => listeners.delete(heard);
}

export function useColors(): number {
  return useSyncExternalStore(subscribe, () => turn);
}
