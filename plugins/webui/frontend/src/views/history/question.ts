/** What of the history is shown, as the address bar has it, and as the daemon is asked for it. */
import type { Schemas } from "../../api/types";
import { readSort, type Sort } from "../../table/columns";

export type Entry = Schemas["HistoryEntry"];
export type Query = Schemas["HistoryRequest"];
export type EntryStatus = Entry["status"];

export const STATUSES: EntryStatus[] = ["downloading", "completed", "missing", "deleted"];
export const FILTERS = ["status", "instance", "user", "category", "from", "to", "q"] as const;
export const NEWEST: Sort = { column: "started_at", descending: true };

/** A day of the calendar here as a point in time; with `after` the end of that day. */
export function dayStart(day: string, after = false): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!parts) return "";
  const [year, month, date] = parts.slice(1).map(Number) as [number, number, number];
  return new Date(year, month - 1, date + (after ? 1 : 0)).toISOString();
}

/** The question that a query of the address bar means; `shown` are the ids of what is not hidden, "": all. */
export function questionOf(place: URLSearchParams, shown: string): Query {
  const word = (name: string) => place.get(name) ?? "";
  const sort = readSort(word("sort"), NEWEST);
  const status = STATUSES.find((each) => each === word("status"));
  const instanceId = word("instance") || shown;
  const found: Query = {
    sortBy: sort.column as NonNullable<Query["sortBy"]>,
    sortDir: sort.descending ? "desc" : "asc",
    search: word("q").trim(),
    status: status ?? "",
    instanceId,
    username: word("user"),
    category: word("category"),
    from: dayStart(word("from")),
    to: dayStart(word("to"), true),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== "")) as Query;
}

export function isFiltering(place: URLSearchParams): boolean {
  return FILTERS.some((name) => (place.get(name) ?? "").trim() !== "");
}
