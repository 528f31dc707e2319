import { expect, test } from "vitest";
import { barsOf, timeTicks } from "./transfer";

const NOW = Date.UTC(2026, 0, 2, 12, 7);
const QUARTER = 15 * 60_000;
const DAY = 86_400_000;

test("the bucket of now stands at the right edge, and what is older than the range is left out", () => {
  const last = Math.floor(NOW / QUARTER) * QUARTER;
  const bars = barsOf(
    [
      { timestamp: last - DAY, down: 1, up: 1 },
      { timestamp: last - 95 * QUARTER, down: 10, up: 0 },
      { timestamp: last, down: 5, up: 20 },
    ],
    "24h",
    NOW,
    20,
  );
  expect(bars.length).toBe(2);
  expect(bars[0]?.left).toBeCloseTo(0);
  expect((bars[1]?.left ?? 0) + (bars[1]?.width ?? 0)).toBeCloseTo(1);
  expect([bars[0]?.down, bars[1]?.up]).toEqual([0.5, 1]);
});

test("ticks stand at whole steps of the clock here, within the range", () => {
  for (const [range, days] of [["24h", 1], ["7d", 7], ["30d", 30], ["1y", 365]] as const) {
    const ticks = timeTicks(range, NOW, 6);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThanOrEqual(7);
    expect(Math.min(...ticks)).toBeGreaterThanOrEqual(NOW - days * DAY);
    expect(Math.max(...ticks)).toBeLessThanOrEqual(NOW);
    expect(ticks.every((each) => new Date(each).getMinutes() === 0)).toBe(true);
  }
});
