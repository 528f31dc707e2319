/** Send one action for many items: a thousand at a time, one after the other, as long as nobody stops it. */
import type { Item, ItemRef, ItemResult } from "../api/types";

export const CHUNK = 1000;

export interface Progress {
  done: number;
  count: number;
  failed: ItemResult[];
  /** What has no answer: it was not sent, or what was sent with it broke off. */
  rest: Item[];
  /** Why it ended before its end, if something broke. */
  broken: Error | null;
}

type Send = (items: ItemRef[]) => Promise<{ results: ItemResult[] }>;

export function refOf(item: Item): ItemRef {
  return { fileHash: item.hash, instanceId: item.instanceId, fileName: item.name };
}

/** Ask something of all items, a thousand at a time; gives the answers in order. */
export async function askInChunks<T>(items: Item[], ask: (refs: ItemRef[]) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (let start = 0; start < items.length; start += CHUNK) found.push(await ask(items.slice(start, start + CHUNK).map(refOf)));
  return found;
}

/** Send the items that something is true of apart from the others, so that it is said of no other item. */
export function sendApart(
  isSo: (key: string) => boolean,
  send: (refs: ItemRef[], so: boolean) => Promise<{ results: ItemResult[] }>,
): Send {
  return async (refs) => {
    const results: ItemResult[] = [];
    for (const so of [true, false]) {
      const part = refs.filter((each) => isSo(`${each.instanceId ?? ""}:${each.fileHash}`) === so);
      if (part.length > 0) results.push(...(await send(part, so)).results);
    }
    return { results };
  };
}

/** Give the progress at the end. `onProgress` hears of each chunk; `signal` ends it between two, and so does a `send` that throws. */
export async function inChunks(
  items: Item[],
  send: Send,
  onProgress: (progress: Progress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Progress> {
  let progress: Progress = { done: 0, count: items.length, failed: [], rest: items, broken: null };
  try {
    while (progress.rest.length > 0 && !signal?.aborted) {
      const { results } = await send(progress.rest.slice(0, CHUNK).map(refOf));
      const rest = progress.rest.slice(CHUNK);
      const failed = [...progress.failed, ...results.filter((each) => !each.success)];
      progress = { ...progress, done: items.length - rest.length, failed, rest };
      onProgress(progress);
    }
  } catch (error) {
    return { ...progress, broken: error instanceof Error ? error : new Error(String(error)) };
  }
  return progress;
}
