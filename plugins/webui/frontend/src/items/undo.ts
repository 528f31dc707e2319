/** Ways back from actions: only where each item is again exactly what it was. No input or output here. */
import type { Instance, Item, Schemas } from "../api/types";
import { categoryOf } from "./status";

export type Rest = "pause" | "resume" | "stop";

export interface Step {
  act: Rest;
  items: Item[];
}

/** What takes back a pause, a resume or a stop of these items, as they were before; null: nothing does so exactly. */
export function wayBack(done: Rest, items: Item[], instances: Record<string, Instance>): Step[] | null {
  const had = (status: Item["status"]) => items.some((each) => each.status === status);
  if (done === "pause") return [{ act: "resume", items }];
  // what was paused and is stopped has lost its sources; what was in error may run now
  if (done === "stop") return had("paused") ? null : [{ act: "resume", items }];
  if (had("error")) return null;
  const stopped = items.filter((each) => each.status !== "paused" && stops(instances[each.instanceId]));
  const paused = items.filter((each) => !stopped.includes(each));
  const steps: Step[] = [{ act: "pause", items: paused }, { act: "stop", items: stopped }];
  return steps.filter((each) => each.items.length > 0);
}

/** Where both are there they differ; where only one is, pausing does it. */
function stops(instance: Instance | undefined): boolean {
  return instance?.capabilities["pause"] === true && instance.capabilities["stop"] === true;
}

/** The items by the category that they have. */
export function byCategory(items: Item[]): [name: string, items: Item[]][] {
  return grouped(items, categoryOf);
}

export type Priority = Schemas["PriorityRequest"]["priority"];

/** The items by the priority that they have; null: of one it is not known, or is one for uploads, of which some look alike. */
export function byPriority(items: Item[]): [priority: Priority, items: Item[]][] | null {
  if (items.some((each) => !each.downloading || !each.downloadPriority)) return null;
  return grouped(items, (each) => each.downloadPriority ?? "auto");
}

export interface TagStep {
  add: string[];
  remove: string[];
  items: Item[];
}

/** What gives each item its tags back, after some were put on all of them and some taken off. */
export function tagsBack(add: string[], remove: string[], items: Item[]): TagStep[] {
  const groups = grouped(items, ({ tags = [] }) =>
    JSON.stringify([remove.filter((tag) => tags.includes(tag)), add.filter((tag) => !tags.includes(tag))]),
  );
  return groups.flatMap(([key, of]) => {
    const [lost = [], gained = []] = JSON.parse(key) as string[][];
    return lost.length + gained.length > 0 ? [{ add: lost, remove: gained, items: of }] : [];
  });
}

function grouped<Key extends string>(items: Item[], keyOf: (item: Item) => Key): [key: Key, items: Item[]][] {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups];
}
