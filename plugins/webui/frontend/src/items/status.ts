/** What an item is doing, in the words and colours of the UI. */
import type { Item } from "../api/types";
import type { Key } from "../i18n";
import type { Tone } from "../ui/Parts";

export type Doing =
  | "downloading"
  | "stalled"
  | "seeding"
  | "done"
  | "paused"
  | "stopped"
  | "checking"
  | "queued"
  | "moving"
  | "error";

/** In the order in which filters show them. */
export const ALL_DOING: Doing[] = [
  "downloading",
  "stalled",
  "seeding",
  "done",
  "paused",
  "stopped",
  "checking",
  "queued",
  "moving",
  "error",
];

/** Read it from the item: an active one without speed stalls; `done` is what its client says is complete. */
export function doingOf(item: Item): Doing {
  switch (item.status) {
    case "active":
      if (item.complete) return "seeding";
      return item.downloadSpeed > 0 ? "downloading" : "stalled";
    case "completed":
      return "done";
    case "paused":
    case "stopped":
      return item.complete ? "done" : item.status;
    case "hashing-queued":
      return "queued";
    default:
      return item.status;
  }
}

export const TONES: Record<Doing, Tone> = {
  downloading: "blue",
  stalled: "amber",
  seeding: "green",
  done: "green",
  paused: "grey",
  stopped: "grey",
  checking: "violet",
  queued: "violet",
  moving: "violet",
  error: "red",
};

export function wordOf(doing: Doing): Key {
  return `status.${doing}`;
}

/** Bytes that are missing. */
export function leftOf(item: Item): number {
  return Math.max(0, item.size - (item.sizeDownloaded ?? 0));
}

/** The category's name; the one that stands for none has no name. */
export function categoryOf(item: Item): string {
  return item.categoryId === 0 ? "" : (item.category ?? "");
}
