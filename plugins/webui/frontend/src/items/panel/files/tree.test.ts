import { describe, expect, it } from "vitest";
import { openAtFirst, prioritised, rowsOf, treeOf, wanted, type File, type Folder } from "./tree";

let made = 0;
const file = (path: string, size = 10, progress = 0, priority: File["priority"] = 1): File => ({ index: made++, path, size, progress, priority });
const all = () => true;
const lines = (root: Folder, isOpen: (path: string) => boolean = all) =>
  rowsOf(root, isOpen).map(({ node, level, place, of }) => `${"  ".repeat(level - 1)}${node.name} ${String(place)}/${String(of)}`);

describe("treeOf", () => {
  it("has folders first, and numbers in their order", () => {
    const root = treeOf(["s/e10.mkv", "s/e2.mkv", "s/subs/a.srt", "readme"].map((path) => file(path)));
    expect(lines(root)).toEqual(["s 1/2", "  subs 1/3", "    a.srt 1/1", "  e2.mkv 2/3", "  e10.mkv 3/3", "readme 2/2"]);
  });

  it("adds up what is in a folder by bytes", () => {
    const root = treeOf([file("a/x", 300, 100), file("a/b/y", 100, 20), file("z", 600, 0)]);
    const [a] = root.inside;
    expect([a?.size, a?.progress, a?.files.length]).toEqual([400, 80, 2]);
    expect([root.size, root.progress, root.files.length]).toEqual([1000, 32, 3]);
  });

  it("says 100 % only when no byte is missing", () => {
    expect(treeOf([file("a", 1e12, 100), file("b", 1, 0)]).progress).toBe(99.99);
    expect(treeOf([file("a", 1e12, 100), file("b", 0, 100)]).progress).toBe(100);
    expect(treeOf([file("a", 0, 0)]).progress).toBe(0);
  });

  it("has the priority that all have, or none", () => {
    const root = treeOf([file("a/x", 1, 0, 2), file("a/y", 1, 0, 2), file("b/x", 1, 0, 0), file("b/c/y", 1, 0, 1)]);
    expect(root.inside.map((each) => each.priority)).toEqual([2, null]);
    expect(root.priority).toBeNull();
  });

  it("takes names as they are", () => {
    expect(lines(treeOf([file("a//b"), file("constructor/__proto__")]))).toEqual([
      "a 1/2", "   1/1", "    b 1/1", "constructor 2/2", "  __proto__ 1/1",
    ]);
  });
});

it("only what is in open folders has a row", () => {
  const root = treeOf([file("a/b/c"), file("a/d")]);
  expect(lines(root, (path) => path === "a/")).toEqual(["a 1/1", "  b 1/2", "  d 2/2"]);
});

it("many files begin with the folders that hold all the rest", () => {
  const many = Array.from({ length: 200 }, (_, at) => file(`top/disc${String(at % 3)}/t${String(at)}`));
  const root = treeOf(many);
  expect(lines(root, openAtFirst(root))).toEqual(["top 1/1", "  disc0 1/3", "  disc1 2/3", "  disc2 3/3"]);
  const few = treeOf(many.slice(0, 4));
  expect(lines(few, openAtFirst(few))).toHaveLength(8);
});

it("words choose files by their whole path", () => {
  const files = [file("Season 1/E01.mkv"), file("Season 1/E01.nfo"), file("Season 2/E01.nfo")];
  expect(wanted(files, ["nfo", "season 1"]).map((each) => each.path)).toEqual(["Season 1/E01.nfo"]);
  expect(wanted(files, [])).toBe(files);
});

it("other priorities are given to those that were chosen", () => {
  const files = [file("a"), file("b")];
  expect(prioritised(files, [files[1]?.index ?? -1], 0).map((each) => each.priority)).toEqual([1, 0]);
});

it("ten thousand files are arranged within a moment", () => {
  const files = Array.from({ length: 10_000 }, (_, at) => file(`top/d${String(at % 100)}/track ${String(at)}.flac`, 1000, at % 100));
  const began = performance.now();
  const rows = rowsOf(treeOf(files), all);
  expect(rows).toHaveLength(10_101);
  expect(performance.now() - began).toBeLessThan(1000);
});
