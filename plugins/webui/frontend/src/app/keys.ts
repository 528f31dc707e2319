/** The keys that work everywhere, unless somebody types. */
import { useEffect } from "react";
import { openAdd } from "../add/open";
import { may } from "../api/me";
import { navigate, pathOf } from "../router/router";
import { isDialogOpen } from "../ui/dialogs";
import { isElsewhere } from "../ui/focus";
import { VIEWS } from "../views";
import { openHelp } from "./Help";
import { openPalette } from "./openPalette";
import { FILTER_ID } from "./TopBar";

const GO_MS = 1500;

/** Act on what is pressed. Ctrl+K works while typing, too. */
export function useGlobalKeys(): void {
  useEffect(() => {
    let goUntil = 0;
    function hear(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        if (!isDialogOpen()) openPalette();
        return;
      }
      if (isElsewhere(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isDialogOpen()) return;
      const going = goUntil > Date.now();
      goUntil = event.key === "g" && !going ? Date.now() + GO_MS : 0;
      const view = going ? VIEWS.find((each) => each.letter === event.key) : undefined;
      if (view) navigate(pathOf(view.id));
      else if (!act(event.key)) return;
      event.preventDefault();
    }
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);
}

function act(key: string): boolean {
  if (key === "/") return focusFilter();
  if (key === "?") openHelp();
  else if (key === "a" && may("add_downloads")) openAdd();
  else return false;
  return true;
}

function focusFilter(): boolean {
  const box = document.getElementById(FILTER_ID);
  box?.focus();
  return box !== null;
}
