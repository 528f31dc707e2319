/** The live list as one value: items by key, and what belongs to them. Changed only by `apply`. */
import type { Category, DiskSpace, Instance, Item, Speeds } from "../api/types";

/** `live`: what is seen is current. `lost`: it is what was known when the connection went. */
export type Phase = "connecting" | "live" | "lost";

export interface LiveState {
  phase: Phase;
  /** When the last message came, in ms, if values are old; null while they are current. */
  staleSince: number | null;
  session: string | null;
  /** The last revision of the list that was applied; null before the first full form. */
  seq: number | null;
  /** The next delta holds all that was missed, however much that is. */
  resumed: boolean;
  /** One map for the whole session: its entries are replaced, never changed; `revision` says that some were. */
  items: Map<string, Item>;
  revision: number;
  loaded: boolean;
  instances: Record<string, Instance>;
  speeds: Record<string, Speeds>;
  diskSpace: DiskSpace[];
  cpu: number | null;
  categories: Category[];
  defaultPaths: Record<string, string>;
  hasPathWarnings: boolean;
  searching: string[];
}

export const EMPTY: LiveState = {
  phase: "connecting",
  staleSince: null,
  session: null,
  seq: null,
  resumed: false,
  items: new Map(),
  revision: 0,
  loaded: false,
  instances: {},
  speeds: {},
  diskSpace: [],
  cpu: null,
  categories: [],
  defaultPaths: {},
  hasPathWarnings: false,
  searching: [],
};

const keys = new WeakMap<object, string>();

/** The key of an item: two clients may have the same one. Made once for each state of an item. */
export function keyOf(item: { instanceId: string; hash: string }): string {
  let key = keys.get(item);
  if (key === undefined) {
    key = `${item.instanceId}:${item.hash}`;
    keys.set(item, key);
  }
  return key;
}
