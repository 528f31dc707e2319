import { describe, expect, it } from "vitest";
import { joined, lineOf, wantedOf, type LogRecord, type Wanted } from "./records";

const record = (ts: number, message: string, level: LogRecord["level"] = "info", source = "daemon"): LogRecord => ({ ts, message, level, source });

describe("joined", () => {
  const [a, b, c] = [record(1, "a"), record(2, "b"), record(3, "c")];

  it("keeps what both have once", () => {
    expect(joined([a, b], [b, c])).toEqual([a, b, c]);
    expect(joined([a, b], [a, b, c])).toEqual([a, b, c]);
    expect(joined([a], [b])).toEqual([a, b]);
    expect(joined([], [a])).toEqual([a]);
  });

  it("keeps the same words said twice", () => {
    expect(joined([a], [a, a])).toEqual([a, a]);
  });
});

describe("wantedOf", () => {
  const records = [record(1, "Cannot reach Host", "error", "client.x"), record(2, "saved", "info", "audit"), record(3, "poll", "debug")];

  const timesOf = (wanted: Wanted) => wantedOf(records, wanted).records.map((each) => each.ts);

  it("wants what is as serious, of the sources, with all words", () => {
    expect(timesOf({ level: "info", sources: [], text: "" })).toEqual([1, 2]);
    expect(timesOf({ level: "debug", sources: ["audit"], text: "" })).toEqual([2]);
    expect(timesOf({ level: "debug", sources: ["audit", "daemon"], text: "" })).toEqual([2, 3]);
    expect(timesOf({ level: "debug", sources: [], text: "host REACH" })).toEqual([1]);
    expect(timesOf({ level: "debug", sources: [], text: "client.x" })).toEqual([1]);
  });

  it("counts every source as if it were chosen, also those that are chosen and silent", () => {
    expect(wantedOf(records, { level: "info", sources: ["audit", "web"], text: "" }).counts).toEqual([
      ["audit", 1],
      ["client.x", 1],
      ["daemon", 0],
      ["web", 0],
    ]);
    expect(wantedOf(records, { level: "debug", sources: [], text: "saved" }).counts.filter(([, count]) => count > 0)).toEqual([["audit", 1]]);
  });

  it("writes a record as one line with its time in UTC", () => {
    expect(lineOf(record(0, "hello", "warn"))).toBe("1970-01-01T00:00:00.000Z WARN  daemon: hello");
  });
});
