import { expect, test } from "vitest";
import type { Schemas, SocketMessage } from "../../api/types";
import { linkOf } from "./get";
import { kindOf } from "./kinds";
import { withRecent, type Recent } from "./recent";
import { afterMessage, lastOnes, runOf, withReply, type Run } from "./runs";

type Row = Schemas["SearchResult"];

const row = (hash: string, sourceCount = 1, fileName = "ubuntu.iso"): Row => ({ fileHash: hash, fileName, fileSize: 1, sourceCount });

function run(id: string, rows: Row[], more: Partial<Schemas["PreviousResults"]> = {}): Run {
  const reply = { type: "previous-search-results" as const, data: rows, instanceId: "mule", searchId: id, running: true, ...more };
  return runOf(reply) as Run;
}

const progress = (id: string, data: Row[]): SocketMessage => ({ type: "search-progress", instanceId: "mule", searchId: id, percent: 40, data });
const ended = (id: string, data: Row[]): SocketMessage => ({
  type: "search-results",
  instanceId: "mule",
  searchId: id,
  running: false,
  cancelled: false,
  data,
});

test("an instance that has not searched yet has no run", () => {
  expect(runOf({ type: "previous-search-results", data: [], instanceId: "mule", searchId: null })).toBeNull();
});

test("a row that comes again by hash and name replaces the one before", () => {
  const after = afterMessage(run("s1", [row("a")]), progress("s1", [row("a", 9), row("a", 2, "other name.iso")]));
  expect([...after.rows.values()].map((each) => [each.fileName, each.sourceCount])).toEqual([
    ["ubuntu.iso", 9],
    ["other name.iso", 2],
  ]);
  expect(after.percent).toBe(40);
});

test("messages of other searches change nothing", () => {
  const before = run("s1", [row("a")]);
  expect(afterMessage(before, progress("s2", [row("b")]))).toBe(before);
  expect(afterMessage(before, ended("s2", []))).toBe(before);
});

test("the end says all anew", () => {
  const after = afterMessage(run("s1", [row("a"), row("b")]), ended("s1", [row("b", 3)]));
  expect([...after.rows.values()].map((each) => each.fileHash)).toEqual(["b"]);
  expect(after.running).toBe(false);
});

test("a reply that was on its way does not take back what messages said meanwhile", () => {
  const heard = afterMessage(run("s1", []), ended("s1", [row("a", 7)]));
  const both = withReply(heard, run("s1", [row("a", 1)], { query: "ubuntu" }));
  expect([both.running, both.query, [...both.rows.values()][0]?.sourceCount]).toEqual([false, "ubuntu", 7]);
});

test("the last question is that of the newest run, on whichever clients", () => {
  const old = run("s1", [], { query: "debian", startedAt: "2026-01-01T10:00:00Z" });
  const one = run("s2", [], { query: "ubuntu", startedAt: "2026-01-01T11:00:00Z" });
  const other = run("s3", [], { query: "ubuntu", startedAt: "2026-01-01T11:00:01Z" });
  expect(lastOnes([old, one, other]).map((each) => each.id)).toEqual(["s2", "s3"]);
  expect(lastOnes([])).toEqual([]);
});

test("the kind of a file is read from its ending alone", () => {
  expect(["A.MKV", "x.tar.gz", "x.iso", "readme", ".mp3", "mp3", "x.srt"].map(kindOf)).toEqual([
    "video",
    "archive",
    "image",
    "other",
    "other",
    "other",
    "document",
  ]);
});

test("a question stands once among the recent ones, and twenty stand there", () => {
  const asked = (query: string, at: number): Recent => ({ query, type: "global", instanceId: "", extension: "", ids: "s1", session: "x", at });
  let recent: Recent[] = [];
  for (let at = 0; at < 30; at++) recent = withRecent(recent, asked(`q${String(at)}`, at));
  recent = withRecent(recent, asked("q20", 99));
  expect(recent.length).toBe(20);
  expect(recent[0]).toMatchObject({ query: "q20", at: 99 });
  expect(recent.filter((each) => each.query === "q20").length).toBe(1);
  expect(withRecent(recent, { ...asked("q20", 100), type: "kad" }).filter((each) => each.query === "q20").length).toBe(2);
});

test("a link is made for networks that have such links", () => {
  const found = { ...row("00ff", 1, "a b|c.iso"), instanceId: "mule", searchId: "s1" };
  expect(linkOf({ ...found, networkType: "ed2k" })).toBe("ed2k://|file|a%20b%7Cc.iso|1|00FF|/");
  expect(linkOf({ ...found, networkType: "bittorrent" })).toBeNull();
});
