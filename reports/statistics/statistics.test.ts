/** Against published tables: Student (1908 and any textbook), normal, Wilson (Newcombe 1998). */
import { describe, expect, test } from "vitest";
import {
  normalDensity,
  normalProbability,
  normalQuantile,
  studentProbability,
  studentQuantile,
} from "./distributions.ts";
import { holm } from "./holm.ts";
import {
  estimateMean,
  nextHalfWidth,
  noneSeenBound,
  passesNeeded,
  wilsonInterval,
} from "./intervals.ts";
import { erfc, incompleteBeta, logGamma } from "./special-functions.ts";

describe("distributions", () => {
  test.each([
    [0.975, 1, 12.7062],
    [0.995, 1, 63.6567],
    [0.975, 4, 2.77645],
    [0.995, 9, 3.24984],
    [0.975, 19, 2.09302],
    [0.995, 19, 2.86093],
    [0.95, 30, 1.69726],
    [0.995, 120, 2.61742],
    [0.975, 1e6, 1.95997],
  ])("t(%d, %d) = %d", (p, degrees, t) => {
    expect(studentQuantile(p, degrees)).toBeCloseTo(t, 4);
    expect(studentQuantile(1 - p, degrees)).toBeCloseTo(-t, 4);
  });

  test("of one degree of freedom is Cauchy's", () => {
    expect(studentProbability(1, 1)).toBeCloseTo(0.75, 13);
    expect(studentProbability(-1, 1)).toBeCloseTo(0.25, 13);
    expect(studentProbability(0, 7)).toBeCloseTo(0.5, 13);
  });

  test.each([
    [0.5, 0],
    [0.95, 1.6448536],
    [0.975, 1.959964],
    [0.995, 2.5758293],
    [0.001, -3.0902323],
  ])("z(%d) = %d", (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 6);
    expect(normalProbability(z)).toBeCloseTo(p, 7);
  });

  test("far tails keep their relative precision", () => {
    expect(erfc(3) / 2.209049699858544e-5).toBeCloseTo(1, 12);
    expect(erfc(2.4) / 6.885138986e-4).toBeCloseTo(1, 8);
    expect(erfc(-1)).toBeCloseTo(1.8427007929497148, 13);
    expect(normalDensity(1)).toBeCloseTo(0.24197072451914337, 14);
  });

  test("a quantile of no probability is refused", () => {
    expect(() => normalQuantile(0)).toThrow(RangeError);
    expect(() => studentQuantile(1, 3)).toThrow(RangeError);
  });
});

describe("special functions", () => {
  test("the gamma function of whole and half numbers", () => {
    expect(logGamma(1)).toBeCloseTo(0, 13);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 11);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
    expect(logGamma(0.25)).toBeCloseTo(1.2880225246980774, 12);
  });

  test("the incomplete beta function is a binomial tail", () => {
    // P(Bin(5, 0.3) ≥ 2) = I_0.3(2, 4).
    expect(incompleteBeta(0.3, 2, 4)).toBeCloseTo(0.47178, 10);
    expect(incompleteBeta(0.9, 2, 4)).toBeCloseTo(0.99954, 10);
    expect(incompleteBeta(0, 2, 4)).toBe(0);
    expect(incompleteBeta(1, 2, 4)).toBe(1);
  });
});

describe("intervals", () => {
  test("of a mean, and of the next sample", () => {
    const estimate = estimateMean([9, 10, 11, 12, 13]);
    expect(estimate.mean).toBe(11);
    expect(estimate.deviation).toBeCloseTo(Math.sqrt(2.5), 12);
    expect(estimate.halfWidth).toBeCloseTo((2.776445 * Math.sqrt(2.5)) / Math.sqrt(5), 5);
    expect(nextHalfWidth(estimate)).toBeCloseTo(2.776445 * Math.sqrt(2.5) * Math.sqrt(1.2), 5);
    expect(estimateMean([9, 10, 11, 12, 13], 0.99).halfWidth).toBeGreaterThan(estimate.halfWidth);
  });

  test("one sample says nothing about its precision, none is an error", () => {
    expect(estimateMean([5])).toMatchObject({ mean: 5, halfWidth: Infinity });
    expect(nextHalfWidth(estimateMean([5]))).toBe(Infinity);
    expect(() => estimateMean([])).toThrow(RangeError);
  });

  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [29, 29, 0.883, 1],
  ])("Wilson: %d of %d", (successes, trials, least, most) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.least).toBeCloseTo(least, 4);
    expect(interval.most).toBeCloseTo(most, 4);
  });

  test("no trial leaves everything open", () => {
    expect(wilsonInterval(0, 0)).toEqual({ least: 0, most: 1 });
    expect(noneSeenBound(0)).toBe(1);
  });

  test("the rule of three, and how many clean runs a claim needs", () => {
    expect(noneSeenBound(300)).toBeCloseTo(0.01, 12);
    expect(noneSeenBound(2)).toBe(1);
    expect([passesNeeded(0.9), passesNeeded(0.95), passesNeeded(0.99)]).toEqual([29, 59, 299]);
  });
});

test("Holm's adjusted p values keep the order given and never fall", () => {
  const expected = [0.03, 0.06, 0.06, 0.02];
  holm([0.01, 0.04, 0.03, 0.005]).forEach((p, i) => expect(p).toBeCloseTo(expected[i], 12));
  expect(holm([0.5, 0.9])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});
