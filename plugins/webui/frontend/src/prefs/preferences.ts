/** What a user has arranged: one object per user on the server, sent a second after the last change. */
import { useCallback, useSyncExternalStore } from "react";
import { call } from "../api/client";

type Preferences = Record<string, unknown>;

const WAIT_MS = 1000;
let kept: Preferences = {};
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Read them once, before anything is drawn; where they cannot be read the UI works with its own. */
export async function loadPreferences(): Promise<void> {
  const found = await call("get", "/api/auth/preferences").catch(() => null);
  kept = { ...(found?.preferences as Preferences | undefined) };
  addEventListener("pagehide", saveWhatWaits);
}

export function getPreference<T>(name: string, otherwise: T): T {
  return (kept[name] as T | undefined) ?? otherwise;
}

export function setPreference(name: string, value: unknown): void {
  kept = { ...kept, [name]: value };
  for (const each of [...listeners]) each();
  clearTimeout(timer);
  timer = setTimeout(save, WAIT_MS);
}

function save(): void {
  timer = undefined;
  void call("put", "/api/auth/preferences", {
    body: { preferences: kept as never },
    keepalive: true,
  }).catch(() => undefined);
}

/** A tab that closes sends what waits. */
function saveWhatWaits(): void {
  if (timer === undefined) return;
  clearTimeout(timer);
  save();
}

function subscribe(heard: () => void): () => void {
  listeners.add(heard);
  return () => listeners.delete(heard);
}

/** Follow one of them, and set it. `otherwise` has to be the same object each time. */
export function usePreference<T>(name: string, otherwise: T): [T, (value: T) => void] {
  const value = useSyncExternalStore(subscribe, () => getPreference(name, otherwise));
  const set = useCallback((next: T) => setPreference(name, next), [name]);
  return [value, set];
}
