import { expect, test } from "vitest";
import { duration, grouped, percent, plural } from "./format.ts";

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [1_000_000, "1,000,000"],
  [-12_345, "-12,345"],
  [1234.5678, "1,234.5678"],
])("grouped %d", (count, text) => {
  expect(grouped(count)).toBe(text);
});

test.each([
  [0, "0 ms"],
  [0.254, "0.25 ms"],
  [250.4, "250 ms"],
  [3214.5, "3.215 s"],
  [59_999, "59.999 s"],
  [60_000, "1 min"],
  [630_000, "10 min 30 s"],
  [3_600_000, "1 h"],
  [3_900_000, "1 h 5 min"],
  [-250, "-250 ms"],
])("duration %d", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("percent and plural", () => {
  expect(percent(0.125)).toBe("12.5 %");
  expect(plural(1, "server")).toBe("1 server");
  expect(plural(2000, "server")).toBe("2,000 servers");
  expect(plural(2, "crash", "crashes")).toBe("2 crashes");
});
