/** What a message of the socket changes in the live list. No input or output here. Source: websocket.md 5.1. */
import type { BatchUpdate, Item, Schemas } from "../api/types";
import { forgetGuesses, shownAfter, truthOf } from "./guess";
import { keyOf, type LiveState } from "./state";

type Data = BatchUpdate["data"];
type Delta = Schemas["Delta"];

/** The state when a socket says which run of the daemon it belongs to: revisions of another run mean nothing. */
export function connected(state: LiveState, session: string): LiveState {
  const same = session === state.session;
  return { ...state, session, seq: same ? state.seq : null, resumed: same && state.seq !== null };
}

/** The state after an update; null: something was missed, and only a full form makes the list right again. */
export function apply(state: LiveState, data: Data): LiveState | null {
  if (data.items) {
    forgetGuesses();
    const items = new Map(data.items.map((item) => [keyOf(item), item]));
    const next = { items, revision: state.revision + 1, loaded: true, resumed: false, seq: data.seq ?? null };
    return { ...overview(state, data), ...next };
  }
  if (!data.delta) return overview(state, data);
  if (!follows(state, data.delta)) return null;
  const touched = change(state.items, data.delta);
  if (touched === null) return null;
  return {
    ...overview(state, data),
    revision: state.revision + (touched ? 1 : 0),
    seq: data.delta.seq ?? state.seq,
    resumed: data.delta.seq === undefined ? state.resumed : false,
  };
}

function follows(state: LiveState, delta: Delta): boolean {
  if (delta.seq === undefined) return true; // supplemental: outside the sequence
  if (state.seq === null) return false;
  return state.resumed ? delta.seq >= state.seq : delta.seq === state.seq + 1;
}

/** Change the map in place, entry by entry; says whether anything was, and null if an entry was not there. */
function change(items: Map<string, Item>, delta: Delta): boolean | null {
  for (const key of delta.removed) items.delete(key);
  for (const item of delta.added) items.set(keyOf(item), item);
  for (const part of delta.changed) {
    const key = `${String(part["instanceId"])}:${String(part["hash"])}`;
    const known = items.get(key);
    if (!known) return null;
    items.set(key, shownAfter(key, merged(truthOf(key, known), part), part));
  }
  return delta.removed.length + delta.added.length + delta.changed.length > 0;
}

/** A field that went away comes as null, and is then not there, as in the full form. */
function merged(item: Item, part: Record<string, unknown>): Item {
  const all = Object.entries({ ...item, ...part });
  return Object.fromEntries(all.filter(([, value]) => value !== null)) as unknown as Item;
}

function overview(state: LiveState, data: Data): LiveState {
  return {
    ...state,
    instances: data.stats.instances ?? state.instances,
    speeds: data.stats.instanceSpeeds,
    diskSpace: data.stats.diskSpace ?? state.diskSpace,
    cpu: data.stats.cpuUsage?.percent ?? state.cpu,
    categories: data.categories ?? state.categories,
    defaultPaths: data.clientDefaultPaths ?? state.defaultPaths,
    hasPathWarnings: data.hasPathWarnings ?? state.hasPathWarnings,
  };
}
