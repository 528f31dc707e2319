/** Hear the keys of the list that is seen, wherever no field, dialog or menu has the focus. */
import { useEffect } from "react";
import { isElsewhere, needsKey } from "../ui/focus";
import { useLatest } from "../ui/useLatest";

/** `act` says whether a key was one of the list's. */
export function useListKeys(act: (event: KeyboardEvent) => boolean): void {
  const now = useLatest(act);
  useEffect(() => {
    function hear(event: KeyboardEvent) {
      if (event.defaultPrevented || isElsewhere(event.target) || needsKey(event.target, event.key)) return;
      if (now.current(event)) event.preventDefault();
    }
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, [now]);
}
