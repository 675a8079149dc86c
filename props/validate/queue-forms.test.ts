/** The closed forms against values from tables and from other derivations. */
import { describe, expect, test } from "vitest";
import {
  burstDrain,
  burstPeak,
  erlangB,
  erlangC,
  sojournGated,
  sojournQuantileMM1,
  sojournTandem,
  waitMG1,
  waitMMc,
} from "./queue-forms.ts";

describe("one server", () => {
  test("M/M/1 and M/D/1 are M/G/1 with C² of 1 and 0", () => {
    // ρ/(μ−λ) and ρ/(2μ(1−ρ)) at λ = 8, μ = 10.
    expect(waitMG1(8, 10, 1)).toBeCloseTo(0.4, 12);
    expect(waitMG1(8, 10, 0)).toBeCloseTo(0.2, 12);
    expect(waitMG1(5, 10, 4)).toBeCloseTo(0.25, 12);
  });

  test("the M/M/1 sojourn's quantiles", () => {
    expect(sojournQuantileMM1(8, 10, 0.99)).toBeCloseTo(Math.LN10, 12);
    expect(sojournQuantileMM1(8, 10, 0.5)).toBeCloseTo(Math.LN2 / 2, 12);
  });

  test("a tandem's times add up", () => {
    expect(sojournTandem(5, [10, 8, 7])).toBeCloseTo(1 / 5 + 1 / 3 + 1 / 2, 12);
  });
});

describe("several servers", () => {
  test.each([
    // Erlang's table: offered load in erlangs that loses 1 % of the calls.
    [1, 0.0101, 0.01],
    [5, 1.3608, 0.01],
    [10, 4.4612, 0.01],
    [20, 12.031, 0.01],
    [100, 84.064, 0.01],
  ])("B(%d, %d) = %d", (servers, offered, share) => {
    expect(erlangB(servers, offered)).toBeCloseTo(share, 5);
  });

  test("with one server Erlang's C is the load, and the wait that of M/M/1", () => {
    expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 12);
    expect(waitMMc(1, 8, 10)).toBeCloseTo(waitMG1(8, 10, 1), 12);
  });

  test("M/M/2: P(wait) = 2ρ²/(1+ρ)", () => {
    expect(erlangC(2, 1.6)).toBeCloseTo((2 * 0.64) / 1.8, 12);
  });
});

describe("gated batches", () => {
  test("light load: just the service", () => {
    expect(sojournGated(1e-9, 10, 0)).toBeCloseTo(0.1, 8);
  });

  test("agree with the stationary chain of passes of constant service", () => {
    for (const load of [0.3, 0.5, 0.8]) {
      expect(sojournGated(load, 1, 0)).toBeCloseTo(sojournOfPassChain(load), 9);
    }
  });

  test("are slower than FIFO", () => {
    expect(sojournGated(0.8, 1, 0)).toBeGreaterThan(waitMG1(0.8, 1, 0) + 1);
  });
});

test("a burst's fluid limit", () => {
  expect(burstPeak(1000, 200, 50)).toBe(750);
  expect(burstDrain(1000, 50)).toBe(20);
});

/** The same mean from the distribution of pass lengths, iterated until it stands still. */
function sojournOfPassChain(load: number): number {
  const sizes = 400;
  let chain: number[] = Array.from({ length: sizes }, (_, k) => (k === 1 ? 1 : 0));
  for (let round = 0; round < 400; round += 1) {
    const next: number[] = Array.from({ length: sizes }, () => 0);
    chain.forEach((share, k) => {
      if (share < 1e-18) return;
      let poisson = Math.exp(-load * k);
      for (let a = 0; a < sizes; a += 1) {
        next[Math.max(1, a)] += share * poisson;
        poisson *= (load * k) / (a + 1);
      }
    });
    chain = next;
  }
  const first = chain.reduce((sum, share, k) => sum + share * k, 0);
  const second = chain.reduce((sum, share, k) => sum + share * k * k, 0);
  return 1 - load + load * (second / (2 * first) + 1 + (load * second) / first);
}
