import { expect, test } from "vitest";
import { rulesOf } from "./passwords";

const kept = (password: string, name = "ann") => rulesOf(password, name).map(([, each]) => each);

test("a password has a length, is not the name, and the daemon says the rest", () => {
  expect(kept("1234567")).toEqual([false, true, null]);
  expect(kept("12345678")).toEqual([true, true, null]);
  expect(kept("x".repeat(257))).toEqual([false, true, null]);
  expect(kept("Ann Elliot", " ann elliot ")).toEqual([true, false, null]);
  expect(kept("🐎🐎🐎🐎")[0]).toBe(false); // four characters, not eight
});
