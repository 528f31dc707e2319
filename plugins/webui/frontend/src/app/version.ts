/** Which version runs, and whether there is a newer one: as the daemon says it, now and then. */
import { useSyncExternalStore } from "react";
import { call, type Reply } from "../api/client";

export type Version = Reply<"/api/version", "get">;

const EVERY_MS = 3_600_000;
let known: Version | null = null;
const listeners = new Set<() => void>();

export async function askVersion(): Promise<Version> {
  known = await call("get", "/api/version");
  for (const each of [...listeners]) each();
  return known;
}

/** A page may stay open for weeks. */
export function keepAskingVersion(): void {
  setInterval(() => {
    if (!document.hidden) askVersion().catch(() => undefined);
  }, EVERY_MS);
}

/** Null until it is known. */
export function useVersion(): Version | null {
  return useSyncExternalStore(
    (heard) => {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    () => known,
  );
}
