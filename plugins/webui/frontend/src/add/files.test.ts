import { describe, expect, it } from "vitest";
import { sorted, together } from "./files";

const torrent = (name: string, more = "") => new File([`d8:announce3:url${more}e`], name, { lastModified: 1 });

describe("files", () => {
  it("are told apart by what is in them, each with its reason", async () => {
    const folder = { name: "folder", size: 4096, slice: () => ({ text: () => Promise.reject(new Error("a folder")) }) } as unknown as File;
    const large = new File([`d8:announce${"x".repeat(17 * 1024 * 1024)}`], "large.torrent");
    const given = [torrent("a"), new File(["dear"], "b.torrent"), new File([], "c.torrent"), folder, large];
    const { torrents, refused } = await sorted(given);
    expect(torrents.map((each) => each.name)).toEqual(["a"]);
    expect(refused).toEqual([
      { name: "b.torrent", reason: "add.file.noTorrent" },
      { name: "c.torrent", reason: "add.file.empty" },
      { name: "folder", reason: "add.file.unreadable" },
      { name: "large.torrent", reason: "add.file.tooLarge" },
    ]);
  });

  it("that are the same are there once; others of the same name stay", () => {
    const names = together([torrent("a"), torrent("b")], [torrent("b"), torrent("b", "3:new")]).map((each) => each.name);
    expect(names).toEqual(["a", "b", "b"]);
  });
});
