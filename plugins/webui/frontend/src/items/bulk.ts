/** Send one action for many items: a thousand at a time, one after the other, as long as nobody stops it. */
import type { Item, ItemRef, ItemResult } from "../api/types";

export const CHUNK = 1000;

export interface Progress {
  done: number;
  count: number;
  failed: ItemResult[];
}

type Send = (items: ItemRef[]) => Promise<{ results: ItemResult[] }>;

export function refOf(item: Item): ItemRef {
  return { fileHash: item.hash, instanceId: item.instanceId, fileName: item.name };
}

/** Give the progress at the end. `onProgress` hears of each chunk; `signal` ends it between two. Throws what `send` throws. */
export async function inChunks(
  items: Item[],
  send: Send,
  onProgress: (progress: Progress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Progress> {
  let progress: Progress = { done: 0, count: items.length, failed: [] };
  for (let start = 0; start < items.length && !signal?.aborted; start += CHUNK) {
    const { results } = await send(items.slice(start, start + CHUNK).map(refOf));
    const failed = [...progress.failed, ...results.filter((each) => !each.success)];
    progress = { ...progress, done: Math.min(items.length, start + CHUNK), failed };
    onProgress(progress);
  }
  return progress;
}
