import { describe, expect, it } from "vitest";
import type { Instance } from "../api/types";
import { linksIn, takersOf } from "./links";

const HASH = "0123456789abcdef0123456789abcdef01234567";
const MAGNET = `magnet:?xt=urn:btih:${HASH}&dn=a`;
const ED2K = "ed2k://|file|a b.mkv|123|31D6CFE0D16AE931B73C59D7E0C089C0|/";

describe("links", () => {
  it("are read line by line, once each, with what is none", () => {
    const found = linksIn(`${MAGNET}\n\n  ${ED2K}\r\n${MAGNET}\nhello`);
    expect(found.map((each) => each.kind)).toEqual(["magnet", "ed2k", "unknown"]);
    expect(found[1]?.text).toBe(ED2K);
  });

  it("on one line are told apart", () => {
    expect(linksIn(`${MAGNET} ${ED2K}`).map((each) => each.kind)).toEqual(["magnet", "ed2k"]);
  });

  it("of ED2K come in other clothes, too", () => {
    const others = ["magnet:?xt=urn:ed2k:31d6cfe0d16ae931b73c59d7e0c089c0&xl=1", "web+ed2k://|file|a|1|31d6/|/", "ed2k://|server|1.2.3.4|5|/"];
    expect(others.flatMap(linksIn).map((each) => each.kind)).toEqual(["ed2k", "ed2k", "ed2k"]);
    expect(linksIn("web+ed2k://|file|a|1|h|/")[0]?.text).toBe("ed2k://|file|a|1|h|/");
  });
});

it("takers can take it, the connected ones first", () => {
  const instance = (connected: boolean, can: boolean) =>
    ({ connected, state: "online", capabilities: { addMagnet: can } }) as unknown as Instance;
  const takers = takersOf("magnet", [
    ["away", instance(false, true)],
    ["no", instance(true, false)],
    ["here", instance(true, true)],
  ]);
  expect(takers.map(([id]) => id)).toEqual(["here", "away"]);
});
