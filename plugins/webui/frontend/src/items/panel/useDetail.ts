/** What a client says of one item when it is asked: asked for when a tab opens, and again every few seconds. */
import { call, type Reply } from "../../api/client";
import type { Item } from "../../api/types";
import { useAsked } from "../../api/useAsked";

export type Detail = Reply<"/api/item/detail/{hash}", "get">;

const EVERY_MS = 5000;

export function useDetail({ hash, instanceId }: Item) {
  return useAsked(
    `detail ${instanceId} ${hash}`,
    (signal) => call("get", "/api/item/detail/{hash}", { path: { hash }, query: { instanceId }, signal }),
    EVERY_MS,
  );
}

export function useFiles({ hash, instanceId }: Item) {
  return useAsked(
    `files ${instanceId} ${hash}`,
    (signal) => call("get", "/api/item/files/{hash}", { path: { hash }, query: { instanceId }, signal }),
    EVERY_MS,
  );
}
