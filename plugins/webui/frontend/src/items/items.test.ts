import { describe, expect, it, vi } from "vitest";
import * as me from "../api/me";
import type { Instance, Item, ItemRef } from "../api/types";
import { ableTo } from "./abilities";
import { CHUNK, inChunks, sendApart, type Progress } from "./bulk";
import { categoryHex, categoryNumber, colorOf, initials } from "./colors";
import { countFacets, filterItems, NONE, type Filter } from "./filter";
import { partsOf, PART_SIZE } from "./parts";
import { doingOf } from "./status";
import { filterOf } from "./useFilter";

const item = (more: Partial<Item> = {}) =>
  ({ hash: "1", instanceId: "a", name: "One", status: "active", complete: false, downloadSpeed: 0, categoryId: 1, ...more }) as Item;

const ALL: Filter = { text: "", doing: "", instance: [], category: [], tag: [], tracker: [] };

describe("what an item is doing", () => {
  it.each([
    [{ status: "active", downloadSpeed: 5 }, "downloading"],
    [{ status: "active" }, "stalled"],
    [{ status: "active", complete: true }, "seeding"],
    [{ status: "stopped", complete: true, progress: 100 }, "done"],
    [{ status: "stopped", complete: false, progress: 100 }, "stopped"],
    [{ status: "hashing-queued" }, "queued"],
  ] as [Partial<Item>, string][])("%o is %s", (fields, doing) => expect(doingOf(item(fields))).toBe(doing));
});

describe("the filter", () => {
  const items = [
    item({ name: "Some Show S01", category: "tv", downloadSpeed: 1 }),
    item({ hash: "2", name: "Other show", tags: ["x", "y"], instanceId: "b", status: "paused" }),
    item({ hash: "3", name: "Music", tracker: "t.example" }),
  ];
  const found = (filter: Partial<Filter>) => filterItems(items, { ...ALL, ...filter }).items.map((each) => each.name);

  it("finds words in any order and case", () => {
    expect(found({ text: "SHOW some" })).toEqual(["Some Show S01"]);
    expect(found({ text: "nothing" })).toEqual([]);
  });

  it("takes any of the values of a facet, and all facets together", () => {
    expect(found({ tag: ["x"], category: [] })).toEqual(["Other show"]);
    expect(found({ category: ["tv", NONE] })).toHaveLength(3);
    expect(found({ tracker: ["t.example"], instance: ["b"] })).toEqual([]);
  });

  it("counts statuses without regard to the one that is chosen", () => {
    const { doing, items: shown } = filterItems(items, { ...ALL, doing: "paused" });
    expect(shown).toHaveLength(1);
    expect(Object.fromEntries(doing)).toEqual({ downloading: 1, paused: 1, stalled: 1 });
  });

  it("counts every value of a facet, and those without one", () => {
    const facets = countFacets(items);
    expect(Object.fromEntries(facets.tag)).toEqual({ [NONE]: 2, x: 1, y: 1 });
    expect(Object.fromEntries(facets.instance)).toEqual({ a: 2, b: 1 });
  });

  it("comes from the address; an unknown status is none", () => {
    const filter = filterOf(new URLSearchParams("q=a+b&status=nonsense&category=tv/movies&tag=x,y"));
    expect(filter).toMatchObject({ text: "a b", doing: "", category: ["tv", "movies"], tag: ["x", "y"] });
  });
});

describe("bulk", () => {
  const many = Array.from({ length: CHUNK * 2 + 1 }, (_, index) => item({ hash: String(index) }));
  const send = (sent: number[], bad: string[] = []) => (refs: ItemRef[]) => {
    sent.push(refs.length);
    const results = refs.map((each) => ({ ...each, success: !bad.includes(each.fileHash) }));
    return Promise.resolve({ results });
  };

  it("goes out in chunks and collects what failed", async () => {
    const sent: number[] = [];
    const heard: Progress[] = [];
    const end = await inChunks(many, send(sent, ["0", "2000"]), (each) => heard.push(each));
    expect(sent).toEqual([1000, 1000, 1]);
    expect(heard.map((each) => each.done)).toEqual([1000, 2000, 2001]);
    expect(end.failed.map((each) => each.fileHash)).toEqual(["0", "2000"]);
  });

  it("says of some what it says of no other", async () => {
    const sent: [boolean, string[]][] = [];
    const apart = sendApart(
      (key) => key === "a:1",
      (refs, so) => {
        sent.push([so, refs.map((each) => each.fileHash)]);
        return Promise.resolve({ results: refs.map((each) => ({ ...each, success: true }) as never) });
      },
    );
    const refs = ["0", "1", "2"].map((fileHash) => ({ fileHash, instanceId: "a" }));
    expect((await apart([...refs, { fileHash: "1", instanceId: "b" }])).results).toHaveLength(4);
    expect(sent).toEqual([
      [true, ["1"]],
      [false, ["0", "2", "1"]],
    ]);
  });

  it("keeps what was done when something breaks, and has the rest to try again", async () => {
    const sent: number[] = [];
    const good = send(sent, ["3"]);
    const end = await inChunks(many, (refs) => (sent.length === 1 ? Promise.reject(new Error("gone")) : good(refs)));
    expect([end.done, end.failed.length, end.broken?.message]).toEqual([1000, 1, "gone"]);
    expect(end.rest.map((each) => each.hash)).toEqual(many.slice(CHUNK).map((each) => each.hash));
  });

  it("stops between two chunks", async () => {
    const sent: number[] = [];
    const stop = new AbortController();
    const end = await inChunks(many, send(sent), () => stop.abort(), stop.signal);
    expect([sent, end.done]).toEqual([[1000], 1000]);
  });
});

describe("part maps", () => {
  it("show sources, then what is here and what is asked for", () => {
    const size = PART_SIZE + 100;
    expect(partsOf({ partStatus: [0, 9], size })).toEqual([
      [0, PART_SIZE, "none"],
      [PART_SIZE, size, "many"],
    ]);
    const parts = partsOf({ partStatus: [1], gapStatus: [10, 20], reqStatus: [12, 15], size: 30 });
    expect(parts.slice(1)).toEqual([
      [0, 10, "have"],
      [20, 30, "have"],
      [12, 15, "asked"],
    ]);
  });
});

describe("colours", () => {
  it("of categories are blue, green, red", () => {
    expect(categoryHex(255)).toBe("#ff0000");
    expect(categoryHex(16_711_680)).toBe("#0000ff");
    expect(categoryNumber("#ff8000")).toBe(255 + 128 * 256);
  });

  it("of instances are their own, or always the same", () => {
    expect(colorOf("x", "#123456")).toBe("#123456");
    expect(colorOf("x", null)).toBe(colorOf("x", null));
  });

  it("stand behind two letters", () => {
    expect([initials("aMule"), initials("Seed box"), initials("")]).toEqual(["aM", "SB", "?"]);
  });
});

it("nothing can be done in an instance that is not connected, and what it can in one that is", () => {
  const instance = (connected: boolean) => ({ connected, capabilities: { pause: true } }) as unknown as Instance;
  vi.spyOn(me, "may").mockReturnValue(true);
  const items = [item(), item({ hash: "2", status: "paused" })];
  expect(ableTo("pause", items, { a: instance(false) })).toEqual([]);
  expect(ableTo("pause", items, { a: instance(true) })).toEqual([items[0]]);
  expect(ableTo("resume", items, { a: instance(true) })).toEqual([items[1]]);
  expect(ableTo("delete", items, { a: instance(true) })).toEqual([]);
});

it("without the permission nothing can be done, and with it only to one's own", () => {
  const instances = { a: { connected: true, capabilities: { pause: true } } as unknown as Instance };
  const granted = vi.spyOn(me, "may").mockImplementation((name) => name === "pause_resume");
  const items = [item(), item({ hash: "2", ownedByMe: true })];
  expect(ableTo("pause", items, instances)).toEqual([items[1]]);
  granted.mockReturnValue(false);
  expect(ableTo("pause", items, instances)).toEqual([]);
});
