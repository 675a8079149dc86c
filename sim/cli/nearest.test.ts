import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const FLAGS = ["seed", "scenario", "strategy", "json", "set"];

test.each([
  ["sede", "seed"],
  ["scenari", "scenario"],
  ["Strategy", "strategy"],
  ["jsn", "json"],
  ["JSON", "json"],
])("%s → %s", (wrong, right) => {
  expect(nearest(wrong, FLAGS)).toBe(right);
});

test("of equally close ones it is the first", () => {
  expect(nearest("sed", ["seed", "set"])).toBe("seed");
  expect(nearest("sed", ["set", "seed"])).toBe("set");
});

test("nothing is better than something far off", () => {
  expect(nearest("verbose", FLAGS)).toBeUndefined();
  expect(nearest("se", FLAGS)).toBeUndefined();
});
