import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ln, Randomness } from "./random.ts";

describe("keyed randomness", () => {
  test("what a seed draws is pinned", () => {
    const stream = new Randomness(12306n).stream("buyers");
    expect([0, 1, 2, 2 ** 40].map((id) => stream.bits(id))).toMatchInlineSnapshot(`
      [
        3582756903,
        1306939249,
        3380749339,
        3244543123,
      ]
    `);
    expect(stream.bits(1, 1)).not.toBe(stream.bits(1));
  });

  test("an extra draw in one stream, or another stream, changes no other draw", () => {
    const draws = (disturb: (randomness: Randomness) => void): number[] => {
      const randomness = new Randomness(7n);
      disturb(randomness);
      const stream = randomness.stream("payments");
      return Array.from({ length: 10_000 }, (_, id) => stream.bits(id));
    };
    const quiet = draws(() => {});
    const disturbed = draws((randomness) => {
      randomness.stream("a new one").bits(1);
      randomness.stream("payments").bits(99_999_999);
      randomness.stream("payments").bits(5, 3);
    });
    expect(disturbed).toEqual(quiet);
  });

  test("neighbouring seeds and ids share nothing", () => {
    const a = new Randomness(1n).stream("s");
    const b = new Randomness(2n).stream("s");
    const same = Array.from({ length: 10_000 }, (_, id) => id).filter(
      (id) => a.bits(id) === b.bits(id) || a.bits(id) === a.bits(id + 1),
    );
    expect(same.length).toBeLessThan(2);
  });

  test("uniform draws are uniform: chi-square over 64 cells", () => {
    const stream = new Randomness(3n).stream("chi");
    for (const purpose of [0, 1, 7]) {
      const cells = Array.from({ length: 64 }, () => 0);
      for (let id = 0; id < 64_000; id += 1) cells[stream.integer(id, 64, purpose)] += 1;
      const chi2 = cells.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
      // 63 degrees of freedom: outside of (28, 113) once in 10,000 times at either end.
      expect(chi2).toBeGreaterThan(28);
      expect(chi2).toBeLessThan(113);
    }
  });

  test("exponential draws have mean and variance 1", () => {
    const stream = new Randomness(4n).stream("exp");
    let sum = 0;
    let squares = 0;
    const n = 200_000;
    for (let id = 0; id < n; id += 1) {
      const x = stream.exponential(id);
      sum += x;
      squares += x * x;
    }
    expect(sum / n).toBeCloseTo(1, 1);
    expect(squares / n - (sum / n) ** 2).toBeCloseTo(1, 1);
  });
});

test("ln agrees with Math.log to 1e-15 relative", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
      const expected = Math.log(x);
      expect(Math.abs(ln(x) - expected)).toBeLessThanOrEqual(Math.abs(expected) * 2e-15 + 2e-16);
    }),
  );
});
