import { expect, it } from "vitest";
import type { Instance } from "../api/types";
import { groupsOf, hiddenAfter, idsOf } from "./shown";

const instance = (id: string, networkType: string): [string, Instance] => [id, { networkType } as Instance];

it("groups instances by network, in the order in which they come", () => {
  const groups = groupsOf([instance("a", "ed2k"), instance("b", "bittorrent"), instance("c", "ed2k")]);
  expect(groups.map((each) => [each.network, ...idsOf(each)])).toEqual([
    ["ed2k", "a", "c"],
    ["bittorrent", "b"],
  ]);
});

it("shows and hides several at once, and leaves the others alone", () => {
  expect(hiddenAfter(["x", "a"], ["a", "b"], false)).toEqual(["x", "a", "b"]);
  expect(hiddenAfter(["x", "a", "b"], ["a", "b"], true)).toEqual(["x"]);
});
