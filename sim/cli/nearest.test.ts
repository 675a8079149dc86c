import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const FLAGS = ["seed", "scenario", "strategy", "json", "set"];

test.each([
  ["sede", "seed"],
  ["scenari", "scenario"],
  ["Strategy", "strategy"],
  ["jsn", "json"],
])("%s → %s", (wrong, right) => {
  expect(nearest(wrong, FLAGS)).toBe(right);
});

test("nothing is better than something far off", () => {
  expect(nearest("verbose", FLAGS)).toBeUndefined();
  expect(nearest("x", FLAGS)).toBeUndefined();
});
