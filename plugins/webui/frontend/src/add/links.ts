/** Read what somebody pasted: which links are there, and who can take them. */
import type { Instance } from "../api/types";

export type Kind = "magnet" | "ed2k" | "torrent" | "unknown";

export interface Link {
  text: string;
  kind: Kind;
}

const MAGNET = /^magnet:\?.*xt=urn:(btih|btmh):/i;
const ED2K = /^(ed2k:\/\/\|(file|server|serverlist)\|.+|magnet:\?.*xt=urn:(ed2k|ed2khash):.*)$/i;
/** Links stand one per line; several on one line are told apart by where the next one begins. */
const NEXT = /\s+(?=magnet:|ed2k:|web\+ed2k:)|[\r\n]+/i;

/** Take the text apart; each link once, in its order. */
export function linksIn(text: string): Link[] {
  const texts = text
    .split(NEXT)
    .map((each) => each.trim().replace(/^web\+ed2k:(\/\/)?/i, "ed2k://"))
    .filter(Boolean);
  return [...new Set(texts)].map((each) => ({ text: each, kind: kindOf(each) }));
}

function kindOf(text: string): Kind {
  if (MAGNET.test(text)) return "magnet";
  return ED2K.test(text) ? "ed2k" : "unknown";
}

/** What an instance must be able to do for each kind. */
export const CAPABILITY: Record<Exclude<Kind, "unknown">, string> = {
  magnet: "addMagnet",
  ed2k: "addEd2kLink",
  torrent: "addTorrentFile",
};

/** The instances that can take a kind, connected ones first. */
export function takersOf(kind: Exclude<Kind, "unknown">, instances: [string, Instance][]): [string, Instance][] {
  return instances
    .filter(([, each]) => each.capabilities[CAPABILITY[kind]] && each.state !== "disabled")
    .sort(([, a], [, b]) => Number(b.connected) - Number(a.connected));
}
