import { expect, it } from "vitest";
import { seriesOf, spanOf, speedTicks } from "./series";

const point = (seconds: number, speed: number) => ({ timestamp: seconds * 1000, downloadSpeed: speed, uploadSpeed: 0 });

it("what was not measured is a gap", () => {
  expect(seriesOf([point(0, 1), point(15, 2), point(100, 3)], 15)).toEqual([
    [0, 15, 30, 100],
    [1, 2, null, 3],
    [0, 0, null, 0],
  ]);
});

it("the axis is as long as its range, however little was measured in it", () => {
  expect(spanOf("24h", 200_000_000)).toEqual([113_600, 200_000]);
  expect(spanOf("7d", 1e12)[0]).toBe(1e9 - 7 * 86_400);
});

it("ticks are round in the units that are shown", () => {
  expect(speedTicks(4096)).toEqual([0, 1024, 2048, 3072, 4096]);
  for (const top of [1000, 70_000, 3_000_000, 9e9]) {
    expect(speedTicks(top).length).toBeGreaterThan(2);
    expect(speedTicks(top).length).toBeLessThan(8);
  }
});
