/** What can be done with which items: what the user may, what the instance can, and what fits the item. */
import { may } from "../api/me";
import type { Instance, Item, Permission } from "../api/types";

export type ActionId =
  | "pause"
  | "resume"
  | "stop"
  | "category"
  | "tags"
  | "move"
  | "priority"
  | "recheck"
  | "reannounce"
  | "rename"
  | "rating"
  | "delete";

interface Ability {
  needs: Permission;
  can: (capabilities: Record<string, boolean>, item: Item) => boolean | undefined;
  /** For one item at a time. */
  single?: boolean;
}

const RESTS = new Set<Item["status"]>(["paused", "stopped", "completed"]);

export const ABILITIES: Record<ActionId, Ability> = {
  pause: { needs: "pause_resume", can: (can, item) => (can["pause"] || can["stop"]) && !RESTS.has(item.status) },
  resume: {
    needs: "pause_resume",
    can: (can, item) => (can["pause"] || can["stop"]) && (RESTS.has(item.status) || item.status === "error"),
  },
  // where there is no pause, "pause" stops already
  stop: {
    needs: "pause_resume",
    can: (can, item) => can["stop"] && can["pause"] && item.status !== "stopped" && item.status !== "completed",
  },
  category: { needs: "assign_categories", can: (can) => can["setCategory"] },
  tags: { needs: "assign_categories", can: (can) => can["tags"] },
  move: { needs: "edit_downloads", can: (can, item) => can["moveData"] && (item.complete || can["moveActiveDownloads"]) },
  priority: { needs: "edit_downloads", can: (can) => can["priority"] },
  recheck: { needs: "edit_downloads", can: (can) => can["recheck"] },
  reannounce: { needs: "edit_downloads", can: (can) => can["reannounce"] },
  rename: { needs: "rename_files", can: (can) => can["rename"], single: true },
  rating: {
    needs: "set_comment",
    can: (can, item) => can["fileRatingComment"] && item.shared && item.complete,
    single: true,
  },
  delete: { needs: "remove_downloads", can: (can) => can["remove"] },
};

/** Whether the user may change an item at all. */
export function mayChange(item: Item): boolean {
  return item.ownedByMe === true || may("edit_all_downloads");
}

/** Those of the items with which something can be done. */
export function ableTo(id: ActionId, items: Item[], instances: Record<string, Instance>): Item[] {
  const { needs, can, single } = ABILITIES[id];
  if (!may(needs) || (single && items.length !== 1)) return [];
  return items.filter((item) => {
    const instance = instances[item.instanceId];
    return instance?.connected === true && mayChange(item) && can(instance.capabilities, item) === true;
  });
}
