import { describe, expect, test } from "vitest";
import { estimate, relativeHalfWidth } from "./estimate.ts";
import { difference, merge, quantileMs } from "./merged-histogram.ts";
import { pairedDifference, unpairedDifference } from "./paired.ts";

describe("an estimate", () => {
  test("is the mean with its interval, and the wider one of the next sale", () => {
    const value = estimate([9, 10, 11, 12, 13]);
    expect(value).toMatchObject({ count: 5, missing: 0, mean: 11, least: 9, most: 13 });
    expect(value.high! - 11).toBeCloseTo(1.96325, 4);
    expect(value.nextHigh! - 11).toBeCloseTo(4.80896, 4);
    expect(relativeHalfWidth(value)).toBeCloseTo(1.96325 / 11, 4);
  });

  test("of latency quantiles is one of logarithms: geometric, and never below 0", () => {
    const value = estimate([1, 100], true);
    expect(value.mean).toBeCloseTo(10, 9);
    expect(value.low).toBeGreaterThan(0);
    expect(value.high! * value.low!).toBeCloseTo(100, 6);
  });

  test("counts what it cannot use, and says nothing it does not know", () => {
    expect(estimate([null, 3])).toMatchObject({ count: 1, missing: 1, mean: 3, low: null });
    expect(estimate([null])).toMatchObject({ count: 0, mean: null, nextHigh: null });
    expect(relativeHalfWidth(estimate([3]))).toBe(Infinity);
    expect(relativeHalfWidth(estimate([0, 0, 0]))).toBe(0);
  });

  test("of a count does not reach below 0", () => {
    expect(estimate([0, 0, 1]).low).toBe(0);
  });
});

describe("a difference", () => {
  test("of pairs sees what the spread between seeds would hide", () => {
    const a = [10, 200, 3000, 40, 7, 600, 90, 1, 20, 300, 5];
    const b = a.map((value, i) => value + 1 + (i % 3) / 10);
    expect(pairedDifference(a, b).p).toBeLessThan(0.001);
    expect(unpairedDifference(a, b).p).toBeGreaterThan(0.9);
  });

  test("is the textbook's: t = 2.06 with 4 degrees of freedom has p = 0.109", () => {
    const d = [1, 2, 3, 0, 0];
    const { mean, p, pairs } = pairedDifference([0, 0, 0, 0, 0], d);
    expect(mean).toBeCloseTo(1.2, 12);
    expect(pairs).toBe(5);
    expect(p).toBeCloseTo(0.1087, 4);
  });

  test("is none between equals, and pairs have two sides", () => {
    expect(pairedDifference([1, 2], [1, 2]).p).toBe(1);
    expect(unpairedDifference([1, 1], [1, 1]).p).toBe(1);
    expect(() => pairedDifference([1], [1, 2])).toThrow(RangeError);
  });

  test.each([1, 2, 3, 5, 20])("of %d pairs without spread is what flipped signs allow", (pairs) => {
    const [a, b] = [Array.from({ length: pairs }, () => 5), Array.from({ length: pairs }, () => 4)];
    expect(pairedDifference(a, b).p).toBe(2 ** (1 - pairs));
    // Almost no spread says no more.
    const close = b.map((value, i) => value + i * 1e-9);
    expect(pairedDifference(a, close).p).toBe(2 ** (1 - pairs));
  });

  test.each([
    [2, 2, 6],
    [3, 3, 20],
    [3, 5, 56],
    [5, 3, 56],
    [1, 4, 5],
  ])("of %d and %d values without spread: 2 of %d ways to divide them", (n, m, ways) => {
    const [a, b] = [Array.from({ length: n }, () => 5), Array.from({ length: m }, () => 4)];
    expect(unpairedDifference(a, b).p).toBeCloseTo(2 / ways, 12);
    expect(
      unpairedDifference(
        a.map((value, i) => value + i * 1e-9),
        b,
      ).p,
    ).toBeGreaterThan(1.999 / ways);
  });
});

describe("merged histograms", () => {
  test("give quantiles of all values, not averages of quantiles", () => {
    const fast = [[1000, 990]] as const;
    const slow = [
      [500_000, 10],
      [1000, 1000],
    ] as const;
    const merged = merge([fast, slow]);
    expect(merged.count).toBe(2000);
    // Not the 250.5 ms that the mean of both p99 would be.
    expect(quantileMs(merged, 0.99)).toBeCloseTo(1, 2);
    expect(quantileMs(merged, 0.995)).toBeCloseTo(1, 2);
  });

  test("are even within a bucket: a quantile is not its edge", () => {
    // 2016 to 2047 µs is one bucket.
    const merged = merge([[[2047, 1000]]]);
    expect(quantileMs(merged, 0.5)).toBe(2.032);
  });

  test("refuse a quantile that fewer than ten values lie beyond", () => {
    const thousand = merge([[[2000, 1000]]]);
    expect(quantileMs(thousand, 0.99)).toBeCloseTo(2, 2);
    expect(quantileMs(thousand, 0.991)).toBeNull();
    // 1 - 0.9 is a little less than a tenth.
    expect(quantileMs(merge([[[2000, 100]]]), 0.9)).toBeCloseTo(2, 1);
    expect(quantileMs(merge([]), 0.5)).toBeNull();
  });

  test("less an earlier state is what came between", () => {
    const between = difference(
      [
        [10, 5],
        [20, 3],
      ],
      [
        [10, 4],
        [15, 1],
      ],
    );
    expect(between).toEqual({
      buckets: [
        [10, 1],
        [20, 3],
      ],
      count: 4,
    });
  });
});
