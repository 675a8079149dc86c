import { describe, expect, test } from "vitest";
import { compare } from "./verdict.ts";
import type { Expectation } from "./verdict.ts";

const expected = (formula: number, more: Partial<Expectation> = {}): Expectation => ({
  formula,
  precision: 0.02,
  tolerance: 0,
  logarithmic: false,
  ...more,
});

/** Mean 100, deviation about 1. */
const SHARP = [99, 101, 100, 98.5, 101.5, 100, 99.5, 100.5];
/** Mean 100, deviation about 20. */
const VAGUE = [80, 120, 100, 70, 130, 100, 90, 110];

describe("compare", () => {
  test("passes what is near and sharp", () => {
    expect(compare(SHARP, expected(100.5)).verdict).toBe("PASS");
  });

  test("fails what is significantly off", () => {
    expect(compare(SHARP, expected(103))).toMatchObject({ verdict: "FAIL", estimate: 100 });
    expect(compare(SHARP, expected(97)).verdict).toBe("FAIL");
  });

  test("does not take vagueness for agreement", () => {
    expect(compare(VAGUE, expected(105)).verdict).toBe("INCONCLUSIVE");
    expect(compare(VAGUE, expected(105, { precision: 0.3 })).verdict).toBe("PASS");
  });

  test("|t| is compared with t(.995, R − 1)", () => {
    // t(.995, 7) = 3.4995; the deviation of SHARP is 1.
    const error = 1 / Math.sqrt(8);
    expect(compare(SHARP, expected(100 + 3.49 * error)).verdict).toBe("PASS");
    expect(compare(SHARP, expected(100 + 3.51 * error)).verdict).toBe("FAIL");
    expect(compare(SHARP, expected(100 + 3 * error)).t).toBeCloseTo(-3, 9);
  });

  test("an approximation is allowed its tolerance, and no more", () => {
    expect(compare(SHARP, expected(105, { tolerance: 0.05 }))).toMatchObject({
      verdict: "PASS",
      t: 0,
    });
    expect(compare(SHARP, expected(110, { tolerance: 0.05 })).verdict).toBe("FAIL");
  });

  test("quantiles are compared by their logarithms", () => {
    const samples = SHARP.map((value) => Math.exp(value / 100));
    const comparison = compare(samples, expected(Math.E, { logarithmic: true }));
    expect(comparison.estimate).toBeCloseTo(Math.E, 12);
    expect(comparison.verdict).toBe("PASS");
    expect(compare(samples, expected(Math.E * 1.03, { logarithmic: true })).verdict).toBe("FAIL");
  });

  test("samples that all agree are right or wrong", () => {
    expect(compare([7, 7, 7], expected(7))).toMatchObject({ verdict: "PASS", t: 0 });
    expect(compare([7, 7, 7], expected(8))).toMatchObject({ verdict: "FAIL", t: -Infinity });
  });
});
