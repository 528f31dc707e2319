/** What users may do: in groups, and the usual sets of it. */
import type { Permission } from "../../../api/types";
import type { Key } from "../../../i18n";

export const GROUPS: readonly { title: Key; rights: readonly Permission[] }[] = [
  {
    title: "users.groupDownloads",
    rights: ["search", "add_downloads", "pause_resume", "remove_downloads", "rename_files", "set_comment"],
  },
  { title: "users.groupOrder", rights: ["assign_categories", "move_files", "edit_downloads", "manage_categories"] },
  {
    title: "users.groupSee",
    rights: ["view_history", "view_shared", "view_uploads", "view_statistics", "view_logs", "view_servers", "clear_history"],
  },
  { title: "users.groupOthers", rights: ["view_all_downloads", "edit_all_downloads"] },
];

export const FULL: readonly Permission[] = GROUPS.flatMap((each) => each.rights);
export const READ_ONLY: readonly Permission[] = [
  "search",
  "view_history",
  "view_shared",
  "view_uploads",
  "view_statistics",
  "view_logs",
  "view_all_downloads",
];

export type Preset = "full" | "readOnly" | "custom";

export function presetOf(rights: readonly string[]): Preset {
  if (same(rights, FULL)) return "full";
  return same(rights, READ_ONLY) ? "readOnly" : "custom";
}

function same(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && others.every((each) => some.includes(each));
}

/** Switch a right; to change what others have one has to see it. */
export function switched(rights: readonly string[], right: Permission, on: boolean): string[] {
  const next = new Set(rights);
  if (on) next.add(right);
  else next.delete(right);
  if (right === "edit_all_downloads" && on) next.add("view_all_downloads");
  if (right === "view_all_downloads" && !on) next.delete("edit_all_downloads");
  return [...next];
}
