import { describe, expect, it } from "vitest";
import type { Column, Sort } from "./columns";
import { arranged, inOrder, isShown, moved, movedTo, resized } from "./layout";
import { NOTHING, select } from "./selection";
import { comparison, inOrderOf } from "./sorting";
import { Order } from "./useOrder";

interface Row {
  id: string;
  size: number | null;
  speed: number;
}

const COLUMNS: Column<Row>[] = [
  { id: "name", title: "column.name", width: 100, grow: true, value: (row) => row.id, cell: () => null },
  { id: "size", title: "column.size", width: 80, value: (row) => row.size, cell: () => null },
  { id: "speed", title: "column.down", width: 80, value: (row) => row.speed, cell: () => null, moving: true, from: 600 },
];
const row = (id: string, size: number | null, speed = 0): Row => ({ id, size, speed });
const ids = (rows: Row[]) => rows.map((each) => each.id).join("");
const by = (column: string, descending = false): Sort => ({ column, descending });

describe("sorting", () => {
  const rows = [row("b", 2), row("a", null), row("c", 1)];

  it("puts the unknown last, either way", () => {
    expect(ids(rows.toSorted(comparison(COLUMNS, [by("size")])))).toBe("cba");
    expect(ids(rows.toSorted(comparison(COLUMNS, [by("size", true)])))).toBe("bca");
  });

  it("reads numbers in names as numbers", () => {
    const names = [row("a10", 1), row("a9", 1)];
    expect(ids(names.toSorted(comparison(COLUMNS, [by("name")])))).toBe("a9a10");
  });

  it("asks the second column where the first is equal", () => {
    const equal = [row("b", 1), row("a", 1), row("c", 0)];
    expect(ids(equal.toSorted(comparison(COLUMNS, [by("size"), by("name", true)])))).toBe("cba");
  });

  it("keeps a former order and appends what is new", () => {
    expect(ids(inOrderOf(rows, (each) => each.id, ["c", "gone", "b"]))).toBe("cba");
  });
});

describe("the order of a list", () => {
  const order = () => new Order<Row>((each) => each.id);

  it("is held by a moving column while somebody is busy, and only then", () => {
    const it = order();
    const sorts = [by("speed", true)];
    expect(ids(it.next([row("a", 1, 1), row("b", 1, 2)], COLUMNS, sorts, false, 0).rows)).toBe("ba");
    const later = [row("a", 1, 9), row("b", 1, 2), row("c", 1, 5)];
    expect(it.next(later, COLUMNS, sorts, true, 0)).toMatchObject({ held: true });
    expect(ids(it.next(later, COLUMNS, sorts, true, 0).rows)).toBe("bac");
    expect(ids(it.next(later, COLUMNS, sorts, true, 1).rows)).toBe("acb");
    expect(ids(it.next(later, COLUMNS, sorts, false, 1).rows)).toBe("acb");
  });

  it("is not called held as long as it is that of the values", () => {
    const it = order();
    const sorts = [by("speed", true)];
    it.next([row("a", 1, 1), row("b", 1, 3)], COLUMNS, sorts, false, 0);
    expect(it.next([row("a", 1, 2), row("b", 1, 3)], COLUMNS, sorts, true, 0).held).toBe(false);
    expect(it.next([row("a", 1, 4), row("b", 1, 3)], COLUMNS, sorts, true, 0).held).toBe(true);
  });

  it("follows a click on a head though somebody is busy", () => {
    const it = order();
    const rows = [row("a", 1, 1), row("b", 2, 2)];
    it.next(rows, COLUMNS, [by("speed")], true, 0);
    expect(ids(it.next(rows, COLUMNS, [by("speed", true)], true, 0).rows)).toBe("ba");
  });

  it("is not held by a column that stands still", () => {
    const it = order();
    it.next([row("b", 1)], COLUMNS, [by("name")], true, 0);
    expect(ids(it.next([row("b", 1), row("a", 1)], COLUMNS, [by("name")], true, 0).rows)).toBe("ab");
  });
});

describe("the layout", () => {
  it("moves columns, to their neighbours and to others", () => {
    expect(moved(COLUMNS, {}, "size", -1).order).toEqual(["size", "name", "speed"]);
    expect(moved(COLUMNS, {}, "size", -9).order).toEqual(["size", "name", "speed"]);
    expect(movedTo(COLUMNS, {}, "name", "speed").order).toEqual(["size", "speed", "name"]);
  });

  it("puts a column that came later where the list has it", () => {
    expect(inOrder(COLUMNS, { order: ["speed", "name"] }).map((each) => each.id)).toEqual(["speed", "name", "size"]);
  });

  it("shows what fits, and what the user wants in any case", () => {
    const [speed] = COLUMNS.slice(2) as [Column<Row>];
    expect(isShown(speed, {}, 599)).toBe(false);
    expect(isShown(speed, {}, 600)).toBe(true);
    expect(isShown(speed, { shown: { speed: true } }, 100)).toBe(true);
    expect(isShown(speed, { shown: { speed: false } }, 1000)).toBe(false);
  });

  it("leaves out what does not fit, what needs most room first", () => {
    const seen = (width: number) => arranged(COLUMNS, {}, width)[0].map((each) => each.id);
    expect(seen(1000)).toEqual(["name", "size", "speed"]);
    expect(seen(300)).toEqual(["name", "size"]);
    expect(seen(200)).toEqual(["name"]);
    expect(arranged(COLUMNS, { shown: { size: true } }, 200)[0].map((each) => each.id)).toEqual(["name", "size"]);
  });

  it("gives the widths, never too narrow ones", () => {
    const layout = resized(resized({}, "size", 5), "name", 150.4);
    expect(arranged(COLUMNS, layout, 1000)[1]).toBe("minmax(150px, 1fr) 44px 80px");
  });
});

describe("the selection", () => {
  const order = ["a", "b", "c", "e"];
  const keys = (selected: { keys: ReadonlySet<string> }) => [...selected.keys].sort().join("");

  it("is one row by a click, several with Ctrl, a range with Shift", () => {
    let now = select(NOTHING, order, "b");
    expect(keys(now)).toBe("b");
    now = select(now, order, "e", { range: true });
    expect(keys(now)).toBe("bce");
    now = select(now, order, "a", { range: true });
    expect(keys(now)).toBe("ab");
    now = select(now, order, "e", { toggle: true });
    expect(keys(now)).toBe("abe");
    now = select(now, order, "a", { toggle: true });
    expect(keys(now)).toBe("be");
  });

  it("starts anew where the anchor is gone", () => {
    const now = select({ keys: new Set(["x"]), anchor: "x" }, order, "c", { range: true });
    expect(keys(now)).toBe("c");
  });
});
