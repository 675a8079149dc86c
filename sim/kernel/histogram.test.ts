import fc from "fast-check";
import { expect, test } from "vitest";
import { Histogram } from "./histogram.ts";

test("a quantile is within 3.2 % above the exact one, and never above the maximum", () => {
  const values = fc.array(fc.integer({ min: 0, max: 100_000_000 }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1), (list, p) => {
      const histogram = new Histogram();
      for (const value of list) histogram.record(value);
      const sorted = list.toSorted((a, b) => a - b);
      const exact = sorted[Math.ceil(p * sorted.length) - 1];
      const quantile = histogram.quantileUs(p);
      expect(quantile).toBeGreaterThanOrEqual(exact);
      expect(quantile).toBeLessThanOrEqual(Math.min(sorted.at(-1)!, exact * 1.032 + 1));
      expect(histogram.count).toBe(list.length);
      expect(histogram.maxUs).toBe(sorted.at(-1));
    }),
  );
});

test("an empty histogram has no quantiles", () => {
  expect(new Histogram().quantileUs(0.99)).toBe(0);
});

test("an interpolated quantile is nearer: within half a percent of even values", () => {
  const histogram = new Histogram();
  for (let value = 0; value < 100_000; value += 1) histogram.record(value + 0.5);
  for (const p of [0.001, 0.5, 0.77, 0.99, 1])
    expect(Math.abs(histogram.interpolatedUs(p) / (p * 100_000) - 1)).toBeLessThan(0.005);
  expect(histogram.sumUs / histogram.count).toBe(50_000);
  expect(new Histogram().interpolatedUs(0.5)).toBe(0);
});
