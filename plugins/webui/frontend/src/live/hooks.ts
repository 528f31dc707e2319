/** What components ask of the live state most. */
import { useEffect } from "react";
import type { Instance, SocketMessage } from "../api/types";
import { usePreference } from "../prefs/preferences";
import { ask, joinChannel, onMessage } from "./socket";
import type { LiveState } from "./state";
import { useLive } from "./store";

const instancesOf = (state: LiveState): Record<string, Instance> => state.instances;

/** The instances in the order of the configuration. */
export function useInstances(): [id: string, instance: Instance][] {
  const instances = useLive(instancesOf);
  return Object.entries(instances).sort(([, a], [, b]) => a.order - b.order);
}

export function useInstance(id: string): Instance | undefined {
  return useLive(instancesOf)[id];
}

/** The ids of the instances that this user has hidden from lists, charts and totals; and how to change that. */
export function useHiddenInstances(): [string[], (ids: string[]) => void] {
  return usePreference("hiddenInstances", NONE);
}

const NONE: string[] = [];

export interface Shown {
  instances: [id: string, instance: Instance][];
  ids: string[];
  /** What to ask the daemon for: ids with commas between them; "" is everything. */
  query: string;
  /** There are instances, and every one is hidden: nothing may be shown. */
  none: boolean;
  /** It is not known yet which instances there are. */
  waiting: boolean;
}

/** The instances that are not hidden. */
export function useShown(): Shown {
  const known = useInstances();
  const [hidden] = useHiddenInstances();
  const loaded = useLive((live) => live.loaded);
  return { ...shownOf(known, hidden), waiting: hidden.length > 0 && !loaded };
}

/** Where nobody is hidden everything is asked for, which takes in what instances that are gone once did. */
export function shownOf(known: [id: string, instance: Instance][], hidden: readonly string[]): Omit<Shown, "waiting"> {
  const instances = known.filter(([id]) => !hidden.includes(id));
  const ids = instances.map(([id]) => id);
  const all = ids.length === known.length;
  return { instances, ids, query: all ? "" : ids.join(","), none: !all && ids.length === 0 };
}

/** Whether numbers on the screen are those of now. */
export function useIsLive(): boolean {
  return useLive((state) => state.phase === "live");
}

/** Whether any instance can do something. */
export function useAnyCan(capability: string): boolean {
  return useLive((state) => Object.values(state.instances).some((each) => each.capabilities[capability] === true));
}

/** Hear messages of the socket while a component is there. */
export function useMessages(heard: (message: SocketMessage) => void): void {
  useEffect(() => onMessage(heard), [heard]);
}

/** Take part in a channel while a component is there (null: not now). Source: websocket.md 5.3. */
export function useChannel(channel: string | null, fields?: object): void {
  const key = JSON.stringify(fields ?? {});
  useEffect(() => (channel === null ? undefined : joinChannel(channel, JSON.parse(key) as object)), [channel, key]);
}

/** Send a request when a component appears, and again after each reconnection. */
export function useAsking(action: string): void {
  const live = useIsLive();
  useEffect(() => {
    if (live) ask(action);
  }, [live, action]);
}
