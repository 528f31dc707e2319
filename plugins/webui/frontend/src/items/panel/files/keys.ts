/** What the keys do in a tree of files. Source: the pattern "treegrid" of the ARIA Authoring Practices. */
import type { TreeRow } from "./tree";

export interface TreeTargets {
  rows: readonly TreeRow[];
  at: number;
  /** Rows of one page. */
  page: number;
  go: (index: number) => void;
  toggle: (path: string) => void;
}

/** Act on a key; true: it was one of the tree's. */
export function onTreeKey(key: string, { rows, at, page, go, toggle }: TreeTargets): boolean {
  const row = rows[at];
  const folder = row?.node.inside ? row : undefined;
  const step = stepOf(key, at, page, rows.length);
  if (step !== null) go(Math.max(0, Math.min(rows.length - 1, step)));
  else if (key === "ArrowRight" && folder?.open) go(at + 1);
  else if (key === "ArrowLeft" && row && !folder?.open) go(parentOf(rows, at));
  else if (folder && opens(key, folder.open)) toggle(folder.node.path);
  else return false;
  return true;
}

function opens(key: string, open: boolean): boolean {
  return key === "Enter" || key === " " || (key === "ArrowRight" && !open) || (key === "ArrowLeft" && open);
}

function stepOf(key: string, at: number, page: number, count: number): number | null {
  if (key === "ArrowDown") return at + 1;
  if (key === "ArrowUp") return at - 1;
  if (key === "PageDown") return at + page;
  if (key === "PageUp") return at - page;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

/** The row of the folder that a row is in, or the row itself at the first level. */
export function parentOf(rows: readonly TreeRow[], at: number): number {
  const level = rows[at]?.level ?? 1;
  for (let up = at - 1; up >= 0; up--) if ((rows[up]?.level ?? 1) < level) return up;
  return at;
}
