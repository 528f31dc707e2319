/** What a column of a list is. */
import type { ReactNode } from "react";
import type { Key } from "../i18n";

export type Value = string | number | boolean | null | undefined;

export interface Column<Row> {
  id: string;
  title: Key;
  /** Pixels at the normal text size. */
  width: number;
  /** Takes the room that is left. One column of a table does. */
  grow?: boolean;
  align?: "end";
  /** What it is sorted by; a column without cannot be sorted. Unknown ones come last either way. */
  value?: (row: Row) => Value;
  cell: (row: Row) => ReactNode;
  /** The exact value, shown on hover. */
  exact?: (row: Row) => string;
  /** Not shown until somebody wants it. */
  hidden?: boolean;
  /** Changes by itself: while somebody is busy in the list, its order is held. */
  moving?: boolean;
  /** Below this width of the list it makes room, unless the user arranged the columns. */
  from?: number;
  /** The first click sorts from the highest down. */
  descending?: boolean;
}

export interface Sort {
  column: string;
  descending: boolean;
}

/** Read `name` or `-name`. */
export function readSort(text: string, otherwise: Sort): Sort {
  if (!text) return otherwise;
  return text.startsWith("-") ? { column: text.slice(1), descending: true } : { column: text, descending: false };
}

export function writeSort(sort: Sort): string {
  return (sort.descending ? "-" : "") + sort.column;
}
