import { describe, expect, it } from "vitest";
import type { Instance, Item } from "../api/types";
import { byCategory, byPriority, tagsBack, wayBack } from "./undo";

const item = (name: string, fields: Partial<Item> = {}) => ({ name, instanceId: "both", status: "active", ...fields }) as Item;
const instance = (...can: string[]) => ({ capabilities: Object.fromEntries(can.map((each) => [each, true])) }) as unknown as Instance;
const INSTANCES = { both: instance("pause", "stop"), one: instance("stop") };
const told = (steps: ReturnType<typeof wayBack>) => steps?.map((each) => [each.act, each.items.map((one) => one.name)]);

describe("the way back", () => {
  it("from a pause is a resume", () => {
    expect(told(wayBack("pause", [item("a")], INSTANCES))).toEqual([["resume", ["a"]]]);
  });

  it("from a resume gives each its own state", () => {
    const items = [item("a", { status: "paused" }), item("b", { status: "stopped" }), item("c", { status: "stopped", instanceId: "one" })];
    expect(told(wayBack("resume", items, INSTANCES))).toEqual([
      ["pause", ["a", "c"]],
      ["stop", ["b"]],
    ]);
  });

  it("is not there where it would lead elsewhere", () => {
    expect(wayBack("stop", [item("a"), item("b", { status: "paused" })], INSTANCES)).toBeNull();
    expect(wayBack("resume", [item("a", { status: "error" })], INSTANCES)).toBeNull();
    expect(told(wayBack("stop", [item("a")], INSTANCES))).toEqual([["resume", ["a"]]]);
  });

  it("from a priority is each one's own, where all are known", () => {
    const items = [
      item("a", { downloading: true, downloadPriority: "high" }),
      item("b", { downloading: true, downloadPriority: "auto" }),
      item("c", { downloading: true, downloadPriority: "high" }),
    ];
    const found = byPriority(items)?.map(([priority, of]) => [priority, of.map((each) => each.name)]);
    expect(found).toEqual([
      ["high", ["a", "c"]],
      ["auto", ["b"]],
    ]);
    expect(byPriority([...items, item("d", { downloading: true, downloadPriority: null })])).toBeNull();
    expect(byPriority([item("e", { downloading: false, uploadPriority: "high" })])).toBeNull();
  });

  it("from a category is each one's own", () => {
    const items = [item("a", { categoryId: 1, category: "tv" }), item("b", { categoryId: 0, category: "Default" }), item("c", { categoryId: 1, category: "tv" })];
    expect(byCategory(items).map(([name, of]) => [name, of.map((each) => each.name)])).toEqual([
      ["tv", ["a", "c"]],
      ["", ["b"]],
    ]);
  });

  it("from tags changes only what was changed", () => {
    const items = [item("a", { tags: ["new", "old"] }), item("b", { tags: ["old"] }), item("c"), item("d", { tags: ["new"] })];
    expect(tagsBack(["new"], ["old"], items).map(({ add, remove, items: of }) => [add, remove, of.map((each) => each.name)])).toEqual([
      [["old"], [], ["a"]],
      [["old"], ["new"], ["b"]],
      [[], ["new"], ["c"]],
    ]);
  });
});
