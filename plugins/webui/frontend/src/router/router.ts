/** The address bar as state: which view, which parts below it, and the query. */
import { useCallback, useSyncExternalStore } from "react";
import { inBase, outOfBase } from "./base";

export interface Place {
  view: string;
  rest: string[];
  query: URLSearchParams;
}

const CHANGED = "amutorrent:place";

/** Read a path with its query into a place; the root is the view `home`. */
export function placeOf(pathname: string, search: string): Place {
  const [view, ...rest] = pathname.split("/").filter(Boolean).map(decodeURIComponent);
  return { view: view ?? "home", rest, query: new URLSearchParams(search) };
}

/** Write a place as a path with its query. */
export function pathOf(view: string, rest: string[] = [], query: URLSearchParams = new URLSearchParams()): string {
  const parts = [view === "home" ? "" : view, ...rest.map(encodeURIComponent)].filter(Boolean);
  return `/${parts.join("/")}${query.size > 0 ? `?${query.toString()}` : ""}`;
}

/**
 * What a change is for the browser's history. A `step` can be taken back with Back: another view, tab, item or search. A
 * `touch` cannot: what is typed, ticked or sorted belongs to the step before.
 */
export type How = "step" | "touch";

/** Numbers for the steps of this tab, over reloads too. */
let steps = typeof performance === "undefined" ? 0 : Math.floor(performance.timeOrigin);

/** Which step of the browser's history one is at: the same one again after Back and Forward. */
export function getStep(): number {
  return (history.state as { step?: number } | null)?.step ?? 0;
}

/** Go to a path of ours, such as `/downloads?status=paused`. */
export function navigate(path: string, how: How = "step"): void {
  if (inBase(path) === location.pathname + location.search) return;
  if (isElsewhere(inBase(path)) && held(() => navigate(path, how))) return;
  if (how === "step") history.pushState({ step: ++steps }, "", inBase(path));
  else history.replaceState(history.state, "", inBase(path));
  dispatchEvent(new Event(CHANGED));
}

/** The query with some words changed and the others left; null or nothing takes one out. */
export function patched(search: string, patch: Record<string, string | null>): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  return query.size > 0 ? `?${query.toString()}` : "";
}

/** Change some words of the query: without a word about it that is no step. */
export function patchQuery(patch: Record<string, string | null>, how: How = "touch"): void {
  navigate(outOfBase(location.pathname) + patched(location.search, patch), how);
}

/** Hear that the address is another one, by us or by the browser; gives the function that ends it. */
export function onPlace(heard: () => void): () => void {
  addEventListener("popstate", followBrowser); // once, however often it is said
  addEventListener(CHANGED, heard);
  return () => removeEventListener(CHANGED, heard);
}

let known: { key: string; place: Place } | undefined;

/** The address that was shown last. */
function getPlaceKey(): string {
  return known?.key ?? location.pathname + location.search;
}

/** Where we are now. */
export function getPlace(): Place {
  const key = location.pathname + location.search;
  if (known?.key !== key) known = { key, place: placeOf(outOfBase(location.pathname), location.search) };
  return known.place;
}

/** Follow the address bar. */
export function usePlace(): Place {
  return useSyncExternalStore(onPlace, getPlace);
}

/** Follow one word of the query, and set it. */
export function useQuery(name: string, how: How = "touch"): [string, (value: string | null) => void] {
  const value = usePlace().query.get(name) ?? "";
  const set = useCallback((next: string | null) => patchQuery({ [name]: next }, how), [name, how]);
  return [value, set];
}

/** What lies over the page, the topmost last: each is closed by its function. */
const layers: (() => void)[] = [];

/** Have Back close what lies over the page, and leave the page as it is. Gives the end of that. */
export function closeOnBack(close: () => void): () => void {
  const layer = () => close();
  layers.push(layer);
  return () => void layers.splice(layers.indexOf(layer), 1);
}

/** Asks somebody whether they want to leave. */
type Guard = (leave: () => void, stay: () => void) => void;

const guards = new Set<Guard>();
let asking = false;

/** Have `ask` called before another path takes the place of this one; its query may change. Gives the end of that. */
export function guardPlace(ask: Guard): () => unknown {
  const guard: Guard = (...all) => ask(...all);
  guards.add(guard);
  return () => guards.delete(guard);
}

function isElsewhere(path: string): boolean {
  return path.split("?")[0] !== getPlaceKey().split("?")[0];
}

/** Whether leaving has to wait for an answer; `leave` is called if it is yes. */
function held(leave: () => void): boolean {
  const [guard] = guards;
  if (!guard || asking) return guard !== undefined;
  asking = true;
  guard(
    () => {
      asking = false;
      guards.clear(); // all of them stand in the view that is left
      leave();
    },
    () => (asking = false),
  );
  return true;
}

/** Back and forward have happened when we hear of them: where that has to wait, we come back, and go again after a yes. */
function followBrowser(): void {
  const layer = layers.at(-1);
  if (layer) {
    comeBack();
    layer();
  } else if (guards.size > 0 && isElsewhere(location.pathname)) {
    comeBack();
    held(() => history.back());
  } else dispatchEvent(new Event(CHANGED));
}

function comeBack(): void {
  history.pushState({ step: ++steps }, "", getPlaceKey());
}
