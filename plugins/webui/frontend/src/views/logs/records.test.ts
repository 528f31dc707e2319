import { describe, expect, it } from "vitest";
import { joined, lineOf, wantedOf, type LogRecord } from "./records";

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

  it("wants what is as serious, of the source, with all words", () => {
    expect(wantedOf(records, { level: "info", source: "", text: "" }).map((each) => each.ts)).toEqual([1, 2]);
    expect(wantedOf(records, { level: "debug", source: "audit", text: "" }).map((each) => each.ts)).toEqual([2]);
    expect(wantedOf(records, { level: "debug", source: "", text: "host REACH" }).map((each) => each.ts)).toEqual([1]);
    expect(wantedOf(records, { level: "debug", source: "", text: "client.x" }).map((each) => each.ts)).toEqual([1]);
  });

  it("writes a record as one line with its time in UTC", () => {
    expect(lineOf(record(0, "hello", "warn"))).toBe("1970-01-01T00:00:00.000Z WARN  daemon: hello");
  });
});
