/** The peers of an item: what each is doing, the totals, and their order. */
import type { Peer } from "../../../api/types";
import { t, type Key } from "../../../i18n";
import { collator } from "../../../table/sorting";

/** What clients call the states of their peers: these have words in every language. */
const STATES: Record<string, Key> = {
  downloading: "peer.downloading",
  uploading: "peer.uploading",
  queued: "peer.queued",
  connected: "peer.connected",
  connecting: "peer.connecting",
  pending: "peer.pending",
  banned: "peer.banned",
  error: "peer.error",
  "waiting for callback": "peer.callback",
  "waiting for callback by Kad": "peer.callbackKad",
  "asking for the hash set": "peer.hashSet",
  "no needed parts": "peer.noParts",
  "too many connections": "peer.tooMany",
  "too many connections by Kad": "peer.tooManyKad",
  "low ID to low ID": "peer.lowId",
};

/** What it is doing, in one word: what moves decides, then what its client says of it. */
export function stateOf(peer: Peer): string {
  if (peer.downloadRate) return "downloading";
  if (peer.uploadRate) return "uploading";
  return peer.downloadState ?? peer.uploadState ?? "connected";
}

export function wordOfState(state: string): string {
  const key = STATES[state];
  return key ? t(key) : state;
}

export function addressOf({ address, port }: Peer): string {
  return port ? `${address ?? ""}:${String(port)}` : (address ?? "");
}

export function nameOf(peer: Peer): string {
  return peer.userName ?? peer.hostname ?? addressOf(peer);
}

/** From the least to the most. */
const MOVING = ["uploading", "downloading"];

export interface Totals {
  down: number;
  up: number;
  /** How many are in each state: first those that move something, then the largest number first. */
  states: [state: string, count: number][];
}

export function totalsOf(peers: readonly Peer[]): Totals {
  const states = new Map<string, number>();
  let [down, up] = [0, 0];
  for (const peer of peers) {
    const state = stateOf(peer);
    states.set(state, (states.get(state) ?? 0) + 1);
    down += peer.downloadRate ?? 0;
    up += peer.uploadRate ?? 0;
  }
  const moves = (state: string) => MOVING.indexOf(state);
  return { down, up, states: [...states].sort(([a, many], [b, few]) => moves(b) - moves(a) || few - many) };
}

export const ORDERS = ["name", "has", "down", "up"] as const;
export type Order = (typeof ORDERS)[number];

const VALUES: Record<Exclude<Order, "name">, (peer: Peer) => number[]> = {
  has: (peer) => [peer.completedPercent ?? -1],
  // of those that rest, those that gave most come first
  down: (peer) => [peer.downloadRate ?? 0, peer.uploadRate ?? 0, peer.downloadTotal ?? 0],
  up: (peer) => [peer.uploadRate ?? 0, peer.downloadRate ?? 0, peer.uploadTotal ?? 0],
};

/** Put peers into order; among equals by name, so that none jumps. */
export function inOrder(peers: readonly Peer[], order: Order, descending: boolean): Peer[] {
  const sign = descending ? -1 : 1;
  const rows = peers.map((peer) => ({ peer, name: nameOf(peer), values: order === "name" ? [] : VALUES[order](peer) }));
  rows.sort((a, b) => {
    for (const [at, value] of a.values.entries()) {
      const by = value - (b.values[at] ?? 0);
      if (by !== 0) return by * sign;
    }
    return collator().compare(a.name, b.name) * (order === "name" ? sign : 1);
  });
  return rows.map((each) => each.peer);
}
