/** The items that somebody has to do with now: those that are selected in the list, else the one whose details are open. */
import { useEffect } from "react";
import type { Item } from "../api/types";
import { getPlace } from "../router/router";
import { itemsOf } from "./entries";

let selected: string[] = [];

/** The list tells which of its items are selected, as long as it is there. */
export function useAsCurrent(keys: string[]): void {
  useEffect(() => {
    selected = keys;
    return () => {
      selected = [];
    };
  }, [keys]);
}

export function currentItems(): Item[] {
  const opened = getPlace().query.get("item");
  return itemsOf(selected.length > 0 ? selected : opened ? [opened] : []);
}
