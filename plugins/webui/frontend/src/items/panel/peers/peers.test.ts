import { describe, expect, it } from "vitest";
import type { Peer } from "../../../api/types";
import { inOrder, stateOf, totalsOf, wordOfState } from "./peers";

const peer = (id: string, more: Partial<Peer> = {}): Peer => ({ id, address: id, ...more });
const idsOf = (peers: Peer[]) => peers.map((each) => each.id).join("");

describe("the state of a peer", () => {
  it("is what moves, before what its client says", () => {
    expect(stateOf(peer("a", { downloadRate: 5, downloadState: "queued" }))).toBe("downloading");
    expect(stateOf(peer("a", { uploadRate: 5, downloadState: "queued" }))).toBe("uploading");
    expect(stateOf(peer("a", { downloadRate: 0, uploadState: "banned" }))).toBe("banned");
    expect(stateOf(peer("a"))).toBe("connected");
  });

  it("has a word, also where a client uses one of its own", () => {
    expect(wordOfState("no needed parts")).toBe("No parts that we need");
    expect(wordOfState("dancing")).toBe("dancing");
  });
});

it("totals count and add up", () => {
  const peers = [peer("a", { downloadRate: 5, uploadRate: 2 }), peer("b", { downloadRate: 7 }), peer("c", { uploadRate: 1 })];
  const resting = ["queued", "banned", "banned"].map((downloadState, at) => peer(String(at), { downloadState }));
  expect(totalsOf([...resting, ...peers])).toEqual({
    down: 12,
    up: 3,
    states: [["downloading", 2], ["uploading", 1], ["banned", 2], ["queued", 1]],
  });
  expect(totalsOf([])).toEqual({ down: 0, up: 0, states: [] });
});

describe("the order of peers", () => {
  const peers = [
    peer("c", { completedPercent: 50 }),
    peer("a", { downloadRate: 9, completedPercent: 0 }),
    peer("d", { uploadRate: 3 }),
    peer("b", { downloadTotal: 8 }),
  ];

  it("is by speed, then by what was given, then by name", () => {
    expect(idsOf(inOrder(peers, "down", true))).toBe("adbc");
    expect(idsOf(inOrder(peers, "up", true))).toBe("dabc");
  });

  it("has those last of which it is not known what they have", () => {
    expect(idsOf(inOrder(peers, "has", true))).toBe("cabd");
  });

  it("by name goes either way, and leaves what it was given", () => {
    expect(idsOf(inOrder(peers, "name", false))).toBe("abcd");
    expect(idsOf(inOrder(peers, "name", true))).toBe("dcba");
    expect(idsOf(peers)).toBe("cadb");
  });
});
