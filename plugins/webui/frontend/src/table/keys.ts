/** What the keys of a list do. */

export interface KeyTargets {
  count: number;
  at: number;
  /** Rows of one page. */
  page: number;
  go: (index: number, extend: boolean) => void;
  toggle: () => void;
  open: () => void;
  all: () => void;
  /** Take the selection back; says whether there was one. */
  clear: () => boolean;
  menu: () => void;
  /** A key of the view's own; says whether it was one. */
  other: (key: string) => boolean;
}

/** Act on a key; true: it was one of the list's. */
export function onTableKey(event: KeyboardEvent, to: KeyTargets): boolean {
  const { key } = event;
  if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "a") {
    to.all();
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const step = stepOf(key, to);
  if (step !== null) {
    if (to.count > 0) to.go(Math.max(0, Math.min(to.count - 1, step)), event.shiftKey);
    return true;
  }
  if (key === "Escape") return to.clear();
  const acts: Record<string, () => void> = {
    x: to.toggle,
    Enter: to.open,
    ".": to.menu,
    ContextMenu: to.menu,
  };
  const act = acts[key];
  if (act) act();
  return act !== undefined || to.other(key);
}

function stepOf(key: string, { at, page, count }: KeyTargets): number | null {
  if (key === "ArrowDown" || key === "j") return at + 1;
  if (key === "ArrowUp" || key === "k") return at < 0 ? 0 : at - 1;
  if (key === "PageDown") return at + page;
  if (key === "PageUp") return at - page;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return null;
}
