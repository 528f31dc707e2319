/** Guesses: what an item will look like after a harmless action, shown at once. The daemon's word ends each of them.
 *
 * A guess holds until a message names one of its fields, the action fails, or a few seconds pass.
 */
import type { Item } from "../api/types";

interface Guess {
  fields: Partial<Item>;
  /** The item as the daemon knows it. */
  truth: Item;
}

const guesses = new Map<string, Guess>();

/** Show an item with other values for now. Changes the map; the caller says that it did. */
export function guess(items: Map<string, Item>, key: string, fields: Partial<Item>): void {
  const item = items.get(key);
  if (!item) return;
  const truth = guesses.get(key)?.truth ?? item;
  guesses.set(key, { fields, truth });
  items.set(key, { ...truth, ...fields });
}

/** Show what the daemon knows again; says whether that is something else. */
export function takeBack(items: Map<string, Item>, key: string): boolean {
  const known = guesses.get(key);
  guesses.delete(key);
  if (!known || !items.has(key)) return false;
  items.set(key, known.truth);
  return true;
}

/** The item that a change of the daemon applies to. */
export function truthOf(key: string, shown: Item): Item {
  return guesses.get(key)?.truth ?? shown;
}

/** What to show after a change: the guess stays on top as long as the change does not speak of it. */
export function shownAfter(key: string, truth: Item, changed: Record<string, unknown>): Item {
  const known = guesses.get(key);
  if (!known) return truth;
  if (Object.keys(known.fields).some((name) => name in changed)) {
    guesses.delete(key);
    return truth;
  }
  guesses.set(key, { ...known, truth });
  return { ...truth, ...known.fields };
}

/** A full form says everything anew. */
export function forgetGuesses(): void {
  guesses.clear();
}
