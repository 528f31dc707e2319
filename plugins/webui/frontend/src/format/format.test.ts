import { describe, expect, it } from "vitest";
import { duration } from "./time";
import { bytes, percent, ratio, speed } from "./units";

describe("sizes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "0.98 kB"],
    [1024, "1.00 kB"],
    [1536, "1.50 kB"],
    [4_362_076, "4.16 MB"],
    [104_857_600, "100 MB"],
    [1_105_954_078, "1.03 GB"],
    [1024 ** 4, "1.00 TB"],
    [2 ** 63, "8,192 PB"],
  ])("of %d are %s", (value, text) => expect(bytes(value)).toBe(text));

  it("of nothing known are nothing", () => {
    expect(bytes(null)).toBe("");
    expect(speed(undefined)).toBe("");
    expect(speed(0)).toBe("0 B/s");
  });
});

describe("percent", () => {
  it("is 100 only when nothing is missing", () => {
    expect(percent(99.99)).toBe("99 %");
    expect(percent(100)).toBe("100 %");
    expect(percent(9.99)).toBe("9.9 %");
    expect(percent(0)).toBe("0.0 %");
  });
});

it("ratios have the digits that count", () => {
  expect([ratio(0.314), ratio(12.34), ratio(123.4)]).toEqual(["0.31", "12.3", "123"]);
});

describe("durations", () => {
  it.each([
    [0, "0 s"],
    [59, "59 s"],
    [125, "2 min 5 s"],
    [3600, "1 h"],
    [7500, "2 h 5 min"],
    [86_400 * 3 + 7200, "3 d 2 h"],
    [86_400 * 40, "40 d"],
    [86_400 * 400, "> 100 d"],
  ])("of %d seconds are %s", (seconds, text) => expect(duration(seconds)).toBe(text));

  it("are roughly one unit", () => {
    expect([59, 311, 7500, 266_000].map((each) => duration(each, true))).toEqual(["59 s", "5 min", "2 h", "3 d"]);
  });
});
