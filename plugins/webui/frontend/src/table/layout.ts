/** How a user has arranged the columns of one list. Kept on the server, per list. */
import { useCallback } from "react";
import { getPreference, usePreference } from "../prefs/preferences";
import type { Column, Sort } from "./columns";

export interface Layout {
  order?: string[];
  /** Column -> shown; one that is not named follows its own default. */
  shown?: Record<string, boolean>;
  widths?: Record<string, number>;
  second?: Sort | null;
  compact?: boolean;
}

const NARROWEST = 44;
/** The boxes to tick, and the buttons of the menus. */
const EDGES = 72;
const NONE: Layout = {};

/** All columns in the user's order; ones that came later stand where the list itself has them. */
export function inOrder<Row>(columns: Column<Row>[], layout: Layout): Column<Row>[] {
  const order = layout.order ?? [];
  const place = (column: Column<Row>, index: number): number => {
    const at = order.indexOf(column.id);
    if (at >= 0) return at;
    const before = columns.slice(0, index).findLast((each) => order.includes(each.id));
    return before ? order.indexOf(before.id) + 0.5 : -1;
  };
  if (order.length === 0) return columns;
  const places = new Map(columns.map((column, index) => [column, place(column, index)]));
  return columns.toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
}

/** Whether a column is shown in a list that is so many pixels wide. */
export function isShown<Row>(column: Column<Row>, layout: Layout, width: number): boolean {
  return layout.shown?.[column.id] ?? (!column.hidden && width >= (column.from ?? 0));
}

function widthOf<Row>(column: Column<Row>, layout: Layout): number {
  return layout.widths?.[column.id] ?? column.width;
}

/** Leave out columns until the others fit: those that need most room first. What the user wants stays. */
function fitting<Row>(columns: Column<Row>[], layout: Layout, width: number): Column<Row>[] {
  const seen = [...columns];
  const spare = columns
    .filter((each) => !each.grow && layout.shown?.[each.id] !== true)
    .reverse()
    .sort((a, b) => (b.from ?? 0) - (a.from ?? 0));
  const total = () => EDGES + seen.reduce((sum, each) => sum + widthOf(each, layout), 0);
  for (const each of spare) {
    if (total() <= width) break;
    seen.splice(seen.indexOf(each), 1);
  }
  return seen;
}

/** The columns that are seen, in order, with their widths as a grid template. */
export function arranged<Row>(columns: Column<Row>[], layout: Layout, width: number): [Column<Row>[], string] {
  const wanted = inOrder(columns, layout).filter((each) => isShown(each, layout, width));
  const seen = fitting(wanted, layout, width);
  const template = seen.map((each) => {
    const own = `${String(widthOf(each, layout))}px`;
    return each.grow ? `minmax(${own}, 1fr)` : own;
  });
  return [seen, template.join(" ")];
}

/** The layout with a column moved by `by` places. */
export function moved<Row>(columns: Column<Row>[], layout: Layout, id: string, by: number): Layout {
  const order = inOrder(columns, layout).map((each) => each.id);
  const from = order.indexOf(id);
  const to = Math.min(order.length - 1, Math.max(0, from + by));
  order.splice(to, 0, ...order.splice(from, 1));
  return { ...layout, order };
}

/** The layout with a column put before another one, as by dragging it there. */
export function movedTo<Row>(columns: Column<Row>[], layout: Layout, id: string, target: string): Layout {
  const order = inOrder(columns, layout).map((each) => each.id);
  return moved(columns, layout, id, order.indexOf(target) - order.indexOf(id));
}

export function resized(layout: Layout, id: string, width: number): Layout {
  return { ...layout, widths: { ...layout.widths, [id]: Math.max(NARROWEST, Math.round(width)) } };
}

/** Follow the layout of the list of this name, and change it. */
export function useLayout(name: string): [Layout, (layout: Layout) => void] {
  const [layouts, setLayouts] = usePreference<Record<string, Layout>>("layouts", NO_LAYOUTS);
  const set = useCallback(
    // of other lists what counts by then: it may be called long after, by an undo
    (layout: Layout) => setLayouts({ ...getPreference("layouts", NO_LAYOUTS), [name]: layout }),
    [setLayouts, name],
  );
  return [layouts[name] ?? NONE, set];
}

const NO_LAYOUTS: Record<string, Layout> = {};
