import { expect, it } from "vitest";
import type { Instance } from "../api/types";
import { shownOf } from "./hooks";

const known = ["a", "b"].map((id): [string, Instance] => [id, { name: id } as Instance]);

it("all is asked for as long as nobody is hidden, or only somebody who is gone", () => {
  expect(shownOf(known, [])).toMatchObject({ ids: ["a", "b"], query: "", none: false });
  expect(shownOf(known, ["gone"])).toMatchObject({ query: "", none: false });
});

it("who is hidden is left out, and with all of them nothing is left", () => {
  expect(shownOf(known, ["b"])).toMatchObject({ ids: ["a"], query: "a", none: false });
  expect(shownOf(known, ["a", "b"])).toMatchObject({ ids: [], query: "", none: true });
  expect(shownOf([], ["a"])).toMatchObject({ query: "", none: false });
});
