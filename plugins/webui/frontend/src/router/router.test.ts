import { expect, it } from "vitest";
import { patched, pathOf, placeOf } from "./router";

it("changes words of the query and leaves the others", () => {
  expect(patched("?q=a+b&status=done", { item: "x:1", status: null })).toBe("?q=a+b&item=x%3A1");
  expect(patched("?q=a", { q: "" })).toBe("");
});

it("reads and writes places", () => {
  const place = placeOf("/settings/a%2Fb", "?q=1");
  expect([place.view, ...place.rest, place.query.get("q")]).toEqual(["settings", "a/b", "1"]);
  expect(pathOf(place.view, place.rest, place.query)).toBe("/settings/a%2Fb?q=1");
  expect(pathOf("home")).toBe("/");
});
