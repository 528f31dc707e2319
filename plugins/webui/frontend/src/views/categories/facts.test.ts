import { expect, test } from "vitest";
import type { Category } from "../../api/types";
import { draftOf, mappingsOf, warningsOf, wrongWith } from "./facts";

const category = (more: Partial<Category>): Category => ({ id: 1, name: "tv", title: "tv", ...more });

test("warnings are those of the path, then those of mappings by their keys", () => {
  const pathWarnings = { path: "it does not exist", mappings: { mule: "no right to write" } };
  expect(warningsOf(category({ pathWarnings }))).toEqual([
    ["", "it does not exist"],
    ["mule", "no right to write"],
  ]);
  expect(warningsOf(category({ pathWarnings: null }))).toEqual([]);
});

test("a name is refused before it is sent", () => {
  const wrong = ["a/b", "a\\b", "..", "x".repeat(101)].map((each) => wrongWith(each, []));
  expect(new Set(wrong)).toEqual(new Set(["cats.nameWrong"]));
  expect(wrongWith(" tv ", ["tv"])).toBe("cats.nameTaken");
  expect([wrongWith("TV", ["tv"]), wrongWith("", [])]).toEqual([null, null]);
});

test("mappings that were emptied are not sent, and none is null", () => {
  const draft = draftOf(category({ pathMappings: { mule: "/here", qb: "/there" } }));
  expect(mappingsOf({ ...draft, pathMappings: { mule: " ", qb: "/there" } })).toEqual({ qb: "/there" });
  expect(mappingsOf({ ...draft, pathMappings: { mule: "" } })).toBeNull();
});
