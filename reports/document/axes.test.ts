import { describe, expect, test } from "vitest";
import { linearAxis, logAxis } from "./axes.ts";
import { amount, interval, rounded, withUnit } from "./numbers.ts";

describe("axes", () => {
  test("of numbers hold all values between round ends", () => {
    expect(linearAxis("", [3, 97], 0)).toMatchObject({ domain: [0, 100] });
    expect(linearAxis("", [], 0)).toMatchObject({ domain: [0, 1] });
    expect(linearAxis("", [5])).toMatchObject({ domain: [5, 6] });
    const axis = linearAxis("", [81.2, 81.5]);
    const texts = axis.scale === "band" ? [] : axis.ticks.map(({ text }) => text);
    expect(new Set(texts).size).toBe(texts.length);
  });

  test.each([
    [
      [3, 80],
      [2, 100],
    ],
    [
      [10, 10],
      [10, 20],
    ],
    [[0.4], [0.2, 0.5]],
    [
      [0, 7],
      [5, 10],
    ],
    [[], [1, 10]],
  ])("of logarithms hold %j", (values, domain) => {
    expect(logAxis("", values)).toMatchObject({ domain });
  });

  test("over many decades have a tick for each", () => {
    const axis = logAxis("", [1, 1e6]);
    expect(axis.scale === "band" ? [] : axis.ticks.map(({ at }) => at)).toEqual([
      1, 10, 100, 1000, 10_000, 100_000, 1_000_000,
    ]);
  });
});

test("numbers are printed as people read them", () => {
  expect([0, 0.012345, 3.24159, 12345.6, 2_500_000].map(amount)).toEqual([
    "0",
    "0.0123",
    "3.24",
    "12,346",
    "2.5M",
  ]);
  expect(withUnit(0.4321, "share")).toBe("43.2 %");
  expect(withUnit(81.234, "ms")).toBe("81 ms");
  expect(withUnit(null, "ms")).toBe("–");
  expect(interval(1, null, "")).toBe("–");
  expect(rounded(1 / 3)).toBe(0.333333);
});
