/** The total speeds of what is shown, and those of the last minute. */
import { useSyncExternalStore } from "react";
import { getPreference } from "../prefs/preferences";
import { getLive, subscribeLive } from "./store";
import type { LiveState } from "./state";

export interface Total {
  down: number;
  up: number;
}

const SAMPLES = 30;
const EVERY_MS = 2000;
let samples: Total[] = [];

export function totalOf(live: LiveState, hidden: readonly string[]): Total {
  let [down, up] = [0, 0];
  for (const [id, speeds] of Object.entries(live.speeds)) {
    if (hidden.includes(id)) continue;
    down += speeds.downloadSpeed;
    up += speeds.uploadSpeed;
  }
  return { down, up };
}

function sample(): void {
  const live = getLive();
  if (live.phase !== "live") return;
  samples = [...samples, totalOf(live, getPreference<string[]>("hiddenInstances", []))].slice(-SAMPLES);
}

/** Begin to take the speeds down, every two seconds. */
export function startSampling(): void {
  setInterval(() => {
    if (!document.hidden) sample();
  }, EVERY_MS);
}

export function useLastMinute(): Total[] {
  return useSyncExternalStore(subscribeLive, () => samples);
}
