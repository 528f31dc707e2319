/** What a category is about, read from it. */
import type { Category } from "../../api/types";
import type { Key } from "../../i18n";

/** In the order in which people think of them; the numbers are those of the wire. Source: data-model 7. */
export const PRIORITIES: [value: number, word: Key][] = [
  [1, "priority.high"],
  [0, "priority.normal"],
  [2, "priority.low"],
  [3, "priority.auto"],
];

/** `Default` stands for what has no category: it cannot go. */
export const DEFAULT_ID = 0;

export function priorityWord(category: Category): Key {
  return PRIORITIES.find(([value]) => value === category.priority)?.[1] ?? "priority.normal";
}

/** What is wrong with its paths: of the path itself, and of mappings by their keys. */
export function warningsOf(category: Category): [key: string, text: string][] {
  return Object.entries(category.pathWarnings ?? {}).flatMap(([key, value]) =>
    typeof value === "string" ? [[key === "path" ? "" : key, value] as [string, string]] : Object.entries(value),
  );
}

export interface Draft {
  title: string;
  path: string;
  comment: string;
  color: number;
  priority: number;
  pathMappings: Record<string, string>;
}

const GREY = 13_421_772;

export function draftOf(category: Category | null): Draft {
  return {
    title: category?.title ?? "",
    path: category?.path ?? "",
    comment: category?.comment ?? "",
    color: category?.color ?? GREY,
    priority: category?.priority ?? 0,
    pathMappings: { ...category?.pathMappings },
  };
}

const LONGEST = 100;

/** Why a name cannot be one; null if it can. `others` are the names that are taken. */
export function wrongWith(title: string, others: string[]): Key | null {
  const name = title.trim();
  if (name.length > LONGEST || /[/\\\0]|\.\./.test(name)) return "cats.nameWrong";
  return others.includes(name) ? "cats.nameTaken" : null;
}

/** Mappings as they are sent: without those that were emptied; null: there are none. */
export function mappingsOf(draft: Draft): Record<string, string> | null {
  const kept = Object.entries(draft.pathMappings).filter(([, path]) => path.trim() !== "");
  return kept.length > 0 ? Object.fromEntries(kept) : null;
}
