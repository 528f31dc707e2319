/** Keys of the open details: wherever the focus is, but where somebody types or walks through a list. */
import { useEffect } from "react";
import { isDialogOpen } from "../../ui/dialogs";
import { useLatest } from "../../ui/useLatest";

const ELSEWHERE =
  "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], [role=menu], [role=grid]";

/** Act on a key by its name, as long as this is there, and before the list beside it does; one with the focus keeps it. */
export function useStepKeys(acts: Record<string, () => void>): void {
  const latest = useLatest(acts);
  useEffect(() => {
    function hear(event: KeyboardEvent) {
      const act = latest.current[event.key];
      const other = event.target instanceof Element && event.target.closest(ELSEWHERE) !== null;
      if (!act || other || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isDialogOpen()) return;
      event.preventDefault();
      act();
    }
    document.addEventListener("keydown", hear, { capture: true });
    return () => document.removeEventListener("keydown", hear, { capture: true });
  }, [latest]);
}
