import { expect, test } from "vitest";
import { MOST, PAGE, Pager } from "./pager";
import { dayStart, questionOf, type Entry } from "./question";

function pagerOf(total: number) {
  const asked: number[] = [];
  const pager = new Pager((offset, limit) => {
    asked.push(offset);
    const count = Math.max(0, Math.min(limit, total - offset));
    const entries = Array.from({ length: count }, (_, at) => ({ hash: String(offset + at), instance_id: "i" }) as Entry);
    return Promise.resolve({ entries, total });
  });
  return { pager, asked };
}

test("a page is asked for once, when it is needed", async () => {
  const { pager, asked } = pagerOf(1000);
  await pager.need(0);
  await Promise.all([pager.need(850), pager.need(899), pager.need(850)]);
  expect(asked).toEqual([0, 800]);
  const { places, total } = pager.read();
  expect([total, places.length]).toEqual([1000, 1000]);
  expect([places[5]?.entry?.hash, places[400]?.entry, places[899]?.entry?.hash]).toEqual(["5", null, "899"]);
});

test("all of it is every page, and no more than is shown", async () => {
  const { pager, asked } = pagerOf(250);
  expect((await pager.all()).length).toBe(250);
  expect(asked).toEqual([0, 100, 200]);
  const long = pagerOf(MOST + 5000);
  await long.pager.need(0);
  expect(long.pager.read().places.length).toBe(MOST);
  expect(long.pager.read().total).toBe(MOST + 5000);
});

test("refreshing reads again what was looked at last", async () => {
  const { pager, asked } = pagerOf(1000);
  for (const index of [0, 150, 350, 550, 750]) await pager.need(index);
  asked.length = 0;
  await pager.refresh();
  expect(asked.toSorted((a, b) => a - b)).toEqual([300, 500, 700]);
});

test("what failed is asked for again", async () => {
  let fails = true;
  const pager = new Pager(() => (fails ? Promise.reject(new Error("no disk")) : Promise.resolve({ entries: [], total: 0 })));
  await pager.need(0);
  expect(pager.read()).toMatchObject({ error: "no disk", total: null });
  fails = false;
  await pager.need(0);
  expect(pager.read()).toMatchObject({ error: null, total: 0 });
});

test("a list that became shorter loses its end", async () => {
  let total = 3 * PAGE;
  const pager = new Pager((offset, limit) => {
    const count = Math.max(0, Math.min(limit, total - offset));
    return Promise.resolve({ entries: Array.from({ length: count }, () => ({}) as Entry), total });
  });
  await pager.need(0);
  total = 10;
  await pager.refresh();
  expect(pager.read().places.length).toBe(10);
});

test("the question leaves out what is not asked, and hidden clients", () => {
  const plain = { sortBy: "started_at", sortDir: "desc" };
  expect(questionOf(new URLSearchParams(), "")).toEqual(plain);
  expect(questionOf(new URLSearchParams("sort=size&status=nonsense"), "a,b")).toEqual({
    sortBy: "size",
    sortDir: "asc",
    instanceId: "a,b",
  });
  expect(questionOf(new URLSearchParams("instance=c&status=missing&q= x "), "a")).toEqual({
    ...plain,
    instanceId: "c",
    status: "missing",
    search: "x",
  });
});

test("a day ends where the next one begins", () => {
  expect(dayStart("2026-02-28", true)).toBe(new Date(2026, 2, 1).toISOString());
  expect(dayStart("2026-02-28")).toBe(new Date(2026, 1, 28).toISOString());
  expect(dayStart("yesterday")).toBe("");
});
