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
