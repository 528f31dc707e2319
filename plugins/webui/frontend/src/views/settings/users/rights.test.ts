import { describe, expect, it } from "vitest";
import { FULL, presetOf, READ_ONLY, switched } from "./rights";

describe("rights", () => {
  it("knows the usual sets in any order", () => {
    expect(presetOf([...FULL].reverse())).toBe("full");
    expect(presetOf(READ_ONLY)).toBe("readOnly");
    expect(presetOf([])).toBe("custom");
    expect(presetOf(FULL.slice(1))).toBe("custom");
  });

  it("gives the sight of all downloads with the right to change them, and takes both away together", () => {
    expect(switched([], "edit_all_downloads", true).sort()).toEqual(["edit_all_downloads", "view_all_downloads"]);
    expect(switched(["edit_all_downloads", "view_all_downloads"], "view_all_downloads", false)).toEqual([]);
  });
});
