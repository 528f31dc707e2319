/** Which items a list shows: words, and what was chosen of each facet; with counts for what could be chosen. */
import type { Item } from "../api/types";
import { categoryOf, doingOf, type Doing } from "./status";
import { matches, wordsOf } from "./words";

export interface Filter {
  text: string;
  doing: Doing | "";
  instance: string[];
  category: string[];
  tag: string[];
  tracker: string[];
}

export const FACETS = ["instance", "category", "tag", "tracker"] as const;
export type Facet = (typeof FACETS)[number];

/** Stands for "has none" in a facet. */
export const NONE = "-";

const lower = new WeakMap<Item, string>();

/** What the words are looked for in; made once for each state of an item. */
function searched(item: Item): string {
  let text = lower.get(item);
  if (text === undefined) {
    text = item.name.toLowerCase();
    lower.set(item, text);
  }
  return text;
}

export function valuesOf(item: Item, facet: Facet): string[] {
  if (facet === "instance") return [item.instanceId];
  if (facet === "tag") return item.tags && item.tags.length > 0 ? item.tags : [NONE];
  const value = facet === "category" ? categoryOf(item) : item.tracker;
  return [value || NONE];
}

function fits(item: Item, filter: Filter, facet: Facet): boolean {
  return valuesOf(item, facet).some((each) => filter[facet].includes(each));
}

/** How many there are with each value of a facet, over all that the list could show. */
export type Facets = Record<Facet, Map<string, number>>;

export function countFacets(all: Item[]): Facets {
  const facets: Facets = { instance: new Map(), category: new Map(), tag: new Map(), tracker: new Map() };
  for (const item of all) for (const facet of FACETS) for (const value of valuesOf(item, facet)) add(facets[facet], value);
  return facets;
}

export interface Filtered {
  items: Item[];
  /** How many there would be with each status: text and facets applied, the status not. */
  doing: Map<Doing, number>;
}

/** Filter items, in their order, and count as it goes. One pass. */
export function filterItems(all: Item[], filter: Filter): Filtered {
  const words = wordsOf(filter.text);
  const found: Filtered = { items: [], doing: new Map() };
  const chosen = FACETS.filter((facet) => filter[facet].length > 0);
  for (const item of all) {
    if (words.length > 0 && !matches(searched(item), words)) continue;
    if (!chosen.every((facet) => fits(item, filter, facet))) continue;
    const doing = doingOf(item);
    add(found.doing, doing);
    if (filter.doing === "" || filter.doing === doing) found.items.push(item);
  }
  return found;
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
