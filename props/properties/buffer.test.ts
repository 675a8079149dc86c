/** The buffer bound is exact: it suffices, and one less does not. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deathsSurvived, slices } from "../../core/quota.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { bufferOf, deaths, unsoldWith } from "./buffer.ts";
import type { Deaths } from "./buffer.ts";

const SEED = Number(process.env["ONCEONLY_SEED"] ?? 12306);

/** The k servers with the largest slices die: nothing is worse. */
function worst({ tickets, weights, dead }: Deaths): Deaths {
  const own = slices(tickets, weights);
  const largest = own.map((_, i) => i).toSorted((a, b) => own[b] - own[a]);
  return { tickets, weights, dead: largest.slice(0, dead.length) };
}

function subsets(count: number): number[][] {
  return Array.from({ length: 2 ** count }, (_, bits) =>
    Array.from({ length: count }, (_, i) => i).filter((i) => ((bits >> i) & 1) === 1),
  );
}

test("slices are all of the tickets, and nothing more", () => {
  fc.assert(
    fc.property(deaths, ({ tickets, weights }) => {
      expect(slices(tickets, weights).reduce((sum, slice) => sum + slice, 0)).toBe(tickets);
    }),
    { seed: SEED },
  );
});

describe("where quota is never refilled", () => {
  test("the buffer sells everything whoever dies, and one less leaves tickets if the worst die", () => {
    fc.assert(
      fc.property(deaths, (drawn) => {
        const buffer = bufferOf(drawn);
        expect(unsoldWith(drawn, buffer, preDeduct)).toBe(0);
        if (buffer > 0) expect(unsoldWith(worst(drawn), buffer - 1, preDeduct)).toBeGreaterThan(0);
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  test("with equal slices it is B >= ceil(T*k / (N*(N-k)))", () => {
    const equal = fc
      .record({ servers: fc.integer({ min: 2, max: 6 }), each: fc.integer({ min: 1, max: 5 }) })
      .chain(({ servers, each }) =>
        fc.record({
          tickets: fc.constant(servers * each),
          weights: fc.constant(Array<number>(servers).fill(1)),
          dead: fc.subarray(
            Array.from({ length: servers }, (_, i) => i),
            { maxLength: servers - 1 },
          ),
        }),
      );
    fc.assert(
      fc.property(equal, (drawn) => {
        const [tickets, servers, dead] = [drawn.tickets, drawn.weights.length, drawn.dead.length];
        const published = Math.ceil((tickets * dead) / (servers * (servers - dead)));
        expect(bufferOf(drawn)).toBe(published);
        expect(unsoldWith(drawn, published, preDeduct)).toBe(0);
        if (published > 0) expect(unsoldWith(drawn, published - 1, preDeduct)).toBeGreaterThan(0);
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  test("deathsSurvived is exact: so many deaths never hurt, and one more can", () => {
    fc.assert(
      fc.property(deaths, fc.nat(8), ({ tickets, weights }, buffer) => {
        const survived = deathsSurvived(tickets, slices(tickets, weights), buffer);
        const worstLoss = new Map<number, number>();
        for (const dead of subsets(weights.length)) {
          if (dead.length === weights.length) continue;
          const unsold = unsoldWith({ tickets, weights, dead }, buffer, preDeduct);
          worstLoss.set(dead.length, Math.max(worstLoss.get(dead.length) ?? 0, unsold));
        }
        for (const [count, unsold] of worstLoss)
          expect(unsold === 0, `${count} deaths`).toBe(count <= survived);
      }),
      { seed: SEED, numRuns: 15 },
    );
  });
});
