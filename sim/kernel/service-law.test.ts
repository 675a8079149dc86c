/** Every law has the mean it multiplies and the variation it promises, and its draws are keyed. */
import { describe, expect, test } from "vitest";
import { Stream } from "./random.ts";
import { serviceDraw, squaredVariation } from "./service-law.ts";
import type { ServiceLaw } from "./service-law.ts";

const LAWS: readonly (readonly [name: string, law: ServiceLaw, squared: number])[] = [
  ["exponential", "exponential", 1],
  ["hyperexponential", { squaredVariation: 4 }, 4],
  ["barely hyperexponential", { squaredVariation: 1 }, 1],
  ["uniform", { quantiles: [0, 2] }, 1 / 3],
  ["empirical", { quantiles: [10, 20, 20, 90] }, 41 / 81],
];

/** Few enough to be quick, enough for the third digit. */
const DRAWS = 400_000;

describe.each(LAWS)("%s", (_name, law, squared) => {
  test("has mean 1 and its squared variation", () => {
    const draw = serviceDraw(law, new Stream(1, 2))!;
    let sum = 0;
    let squares = 0;
    for (let id = 0; id < DRAWS; id += 1) {
      const factor = draw(id, 3);
      sum += factor;
      squares += factor * factor;
    }
    const mean = sum / DRAWS;
    expect(Math.abs(mean - 1)).toBeLessThan(0.01);
    expect(Math.abs(squares / DRAWS - mean * mean - squared)).toBeLessThan(0.03 * (1 + squared));
    expect(squaredVariation(law)).toBeCloseTo(squared, 12);
  });

  test("draws the same for the same service, and another for another", () => {
    const draws = (from: number, purpose: number): number[] => {
      const draw = serviceDraw(law, new Stream(1, 2))!;
      return Array.from({ length: 20 }, (_, i) => draw(from + i, purpose));
    };
    expect(draws(7, 0)).toEqual(draws(7, 0));
    expect(draws(7, 0)).not.toEqual(draws(27, 0));
    expect(draws(7, 0)).not.toEqual(draws(7, 1));
  });
});

test("a constant law needs no draw", () => {
  expect(serviceDraw("constant", new Stream(1, 2))).toBeNull();
  expect(squaredVariation("constant")).toBe(0);
});

test("an empirical law stays within its quantiles, in any unit", () => {
  const draw = serviceDraw({ quantiles: [10, 20, 20, 90] }, new Stream(1, 2))!;
  const same = serviceDraw({ quantiles: [1, 2, 2, 9] }, new Stream(1, 2))!;
  const factors = Array.from({ length: 3000 }, (_, id) => draw(id, 0));
  expect(Math.min(...factors)).toBeGreaterThanOrEqual(10 / 30);
  expect(Math.max(...factors)).toBeLessThan(90 / 30);
  // A third of the services lies between the second and the third quantile, which are equal.
  const third = factors.filter((factor) => Math.abs(factor - 2 / 3) < 1e-12).length;
  expect(third / 3000).toBeCloseTo(1 / 3, 1);
  factors.slice(0, 50).forEach((factor, id) => expect(same(id, 0)).toBeCloseTo(factor, 12));
});
