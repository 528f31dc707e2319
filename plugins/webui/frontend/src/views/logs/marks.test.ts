import { expect, it } from "vitest";
import { marksIn } from "./marks";

it("words are found in any case, the longest first, and nothing is lost", () => {
  const parts = marksIn("Login of Log (v1.0)", ["log", "login", "(v1."]);
  expect(parts).toEqual([["Login", true], [" of ", false], ["Log", true], [" ", false], ["(v1.", true], ["0)", false]]);
});

it("without words, or without a match, the text is one part", () => {
  expect(marksIn("a.b", [])).toEqual([["a.b", false]]);
  expect(marksIn("axb", ["a.b"])).toEqual([["axb", false]]);
});
