/** What a user has arranged: one object per user on the server, sent a second after the last change. */
import { useCallback, useSyncExternalStore } from "react";
import { call } from "../api/client";

type Preferences = Record<string, unknown>;

const WAIT_MS = 1000;
const AGAIN_MS = 30_000;
const ANSWER_MS = 10_000;
let kept: Preferences = {};
/** What was changed here and is not saved yet: all else is as the server has it, where another tab may change it. */
let changed: Preferences = {};
let loaded = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Read them once, before anything is drawn; where they cannot be read the UI works with its own until they can. */
export async function loadPreferences(): Promise<void> {
  addEventListener("pagehide", saveWhatWaits);
  await readOrLater();
}

async function readOrLater(): Promise<void> {
  try {
    await read();
    tell();
  } catch {
    setTimeout(() => void readOrLater(), AGAIN_MS);
  }
}

async function read(): Promise<void> {
  const found = await call("get", "/api/auth/preferences", { signal: AbortSignal.timeout(ANSWER_MS) });
  kept = { ...(found.preferences as Preferences), ...changed };
  loaded = true;
}

export function getPreference<T>(name: string, otherwise: T): T {
  return (kept[name] as T | undefined) ?? otherwise;
}

export function setPreference(name: string, value: unknown): void {
  kept = { ...kept, [name]: value };
  changed = { ...changed, [name]: value };
  tell();
  wait(WAIT_MS);
}

function tell(): void {
  for (const each of [...listeners]) each();
}

function wait(ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void save(), ms);
}

/** Save what was changed here over what is there now: the whole object goes out, and nothing of it may be forgotten. */
async function save(): Promise<void> {
  timer = undefined;
  const sent = changed;
  try {
    await read();
    tell();
    await send();
    changed = Object.fromEntries(Object.entries(changed).filter(([name, value]) => sent[name] !== value));
  } catch {
    wait(AGAIN_MS);
  }
}

function send(): Promise<unknown> {
  return call("put", "/api/auth/preferences", { body: { preferences: kept as never }, keepalive: true });
}

/** A tab that closes sends what waits, if it knows all the rest. */
function saveWhatWaits(): void {
  if (timer === undefined || !loaded) return;
  clearTimeout(timer);
  void send().catch(() => undefined);
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
