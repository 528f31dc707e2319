import { beforeEach, describe, expect, it } from "vitest";
import type { Item, Schemas } from "../api/types";
import { apply, connected } from "./apply";
import { forgetGuesses, guess, takeBack } from "./guess";
import { EMPTY, keyOf, type LiveState } from "./state";

const item = (hash: string, more: Partial<Item> = {}) =>
  ({ hash, instanceId: "a", name: hash, status: "active", progress: 0, ...more }) as Item;

const stats = { instanceSpeeds: {} };
const full = (items: Item[], seq: number) => ({ stats, items, seq });
const delta = (seq: number | undefined, part: Partial<Schemas["Delta"]>) => ({
  stats,
  delta: { added: [], removed: [], changed: [], ...part, ...(seq === undefined ? {} : { seq }) },
});

let state: LiveState;

beforeEach(() => {
  forgetGuesses();
  state = apply(connected({ ...EMPTY, items: new Map() }, "one"), full([item("1"), item("2")], 5)) as LiveState;
});

describe("a delta", () => {
  it("adds, changes and removes", () => {
    const next = apply(state, delta(6, {
      added: [item("3")],
      removed: ["a:1"],
      changed: [{ hash: "2", instanceId: "a", progress: 50 }],
    })) as LiveState;
    expect([...next.items.keys()]).toEqual(["a:2", "a:3"]);
    expect(next.items.get("a:2")?.progress).toBe(50);
    expect(next.seq).toBe(6);
    expect(next.revision).toBe(state.revision + 1);
  });

  it("makes another object of what changed, and keeps the others", () => {
    const before = [...state.items.values()];
    const next = apply(state, delta(6, { changed: [{ hash: "2", instanceId: "a", progress: 50 }] })) as LiveState;
    expect(next.items.get("a:1")).toBe(before[0]);
    expect(next.items.get("a:2")).not.toBe(before[1]);
  });

  it("takes out a field that went away", () => {
    const next = apply(state, delta(6, { changed: [{ hash: "2", instanceId: "a", name: null }] })) as LiveState;
    expect(next.items.get("a:2")).not.toHaveProperty("name");
  });

  it("asks for everything when one was missed, or an item is not there", () => {
    expect(apply(state, delta(7, {}))).toBeNull();
    expect(apply(state, delta(6, { changed: [{ hash: "9", instanceId: "a" }] }))).toBeNull();
    expect(apply({ ...state, seq: null }, delta(6, {}))).toBeNull();
  });

  it("without a revision stands outside the sequence", () => {
    const next = apply(state, delta(undefined, { changed: [{ hash: "1", instanceId: "a", gapStatus: [0, 9] }] }));
    expect(next?.seq).toBe(5);
    expect(next?.items.get("a:1")?.gapStatus).toEqual([0, 9]);
  });

  it("after a resumed connection may hold many revisions, once", () => {
    const resumed = connected(state, "one");
    const next = apply(resumed, delta(40, { removed: ["a:1"] })) as LiveState;
    expect(next.seq).toBe(40);
    expect(apply(next, delta(42, {}))).toBeNull();
  });

  it("of another run of the daemon means nothing", () => {
    expect(apply(connected(state, "two"), delta(6, {}))).toBeNull();
  });

  it("with nothing in it does not draw anything anew", () => {
    expect(apply(state, delta(6, {}))?.revision).toBe(state.revision);
  });
});

describe("a guess", () => {
  const key = keyOf(item("1"));

  it("stays until the daemon speaks of it", () => {
    guess(state.items, key, { status: "paused" });
    let next = apply(state, delta(6, { changed: [{ hash: "1", instanceId: "a", progress: 3 }] })) as LiveState;
    expect(next.items.get(key)).toMatchObject({ status: "paused", progress: 3 });
    next = apply(next, delta(7, { changed: [{ hash: "1", instanceId: "a", status: "stopped" }] })) as LiveState;
    expect(next.items.get(key)?.status).toBe("stopped");
  });

  it("is taken back without losing what came meanwhile", () => {
    guess(state.items, key, { status: "paused" });
    apply(state, delta(6, { changed: [{ hash: "1", instanceId: "a", progress: 3 }] }));
    expect(takeBack(state.items, key)).toBe(true);
    expect(state.items.get(key)).toMatchObject({ status: "active", progress: 3 });
    expect(takeBack(state.items, key)).toBe(false);
  });
});
