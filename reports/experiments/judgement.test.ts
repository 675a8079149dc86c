import { describe, expect, test } from "vitest";
import { smallestPassing } from "./bisect.ts";
import { cellOf } from "./cell.ts";
import { testMeasure, testShare } from "./judgement.ts";
import { MEASURE_NAMES } from "./measures.ts";
import type { Measure, Values } from "./measures.ts";
import type { Sale } from "./run-sale.ts";

const zeros = Object.fromEntries(MEASURE_NAMES.map((name) => [name, 0])) as Values;
const saleOf = (seed: number, values: Partial<Values>): Sale => ({
  seed: String(seed),
  verdict: "passed",
  traceHash: "",
  values: { ...zeros, ...values },
  detail: null,
});
const sales = (measure: Measure, values: readonly (number | null)[]): Sale[] =>
  values.map((value, seed) => saleOf(seed, { [measure]: value }));
const twenty = (value: (i: number) => number): number[] =>
  Array.from({ length: 20 }, (_, i) => value(i));
const cell = cellOf({});
const verdictOf = ({ verdict }: { readonly verdict: string }): string => verdict;
const judge = (measure: Measure, limit: number, values: readonly (number | null)[]) =>
  testMeasure([measure, limit], sales(measure, values), cell, 20);

describe("a limit", () => {
  test("is kept when every seed keeps it and the next one will", () => {
    const verdict = judge(
      "sellOutMs",
      1000,
      twenty((i) => 500 + i),
    );
    expect(verdict).toMatchObject({ verdict: "PASS", reason: "", seedsPassed: 20, seeds: 20 });
    expect(verdict.headroom).toBeGreaterThan(0.45);
    expect(verdict.shareShown).toBeCloseTo(0.861, 3);
  });

  test("is broken when the whole interval lies beyond it", () => {
    expect(
      judge(
        "sellOutMs",
        400,
        twenty((i) => 500 + i),
      ).verdict,
    ).toBe("FAIL");
  });

  test("is undecided while a seed misses it, too few were run, or the next sale may miss it", () => {
    expect(
      judge(
        "sellOutMs",
        518,
        twenty((i) => 500 + i),
      ).verdict,
    ).toBe("UNDECIDED");
    expect(judge("sellOutMs", 1000, [500, 501, 502]).reason).toBe("only 3 sales were run");
    expect(
      judge(
        "sellOutMs",
        520,
        twenty((i) => 500 + i),
      ).reason,
    ).toBe("the next sale may miss it");
  });

  test("of a count is broken by a single sale, and the worst seed is named", () => {
    const verdict = judge(
      "undersold",
      0,
      twenty((i) => (i === 7 ? 1 : 0)),
    );
    expect(verdict).toMatchObject({ verdict: "FAIL", seedsPassed: 19, shareShown: null });
    expect(verdict.worstSeeds[0]).toBe("7");
  });

  test("of a p99 without enough answers cannot be decided; a sale that never sold out can", () => {
    expect(
      judge(
        "winnerP99Ms",
        10,
        twenty(() => 0).map(() => null),
      ).verdict,
    ).toBe("UNDECIDED");
    expect(
      judge(
        "sellOutMs",
        10,
        twenty(() => 0).map(() => null),
      ).verdict,
    ).toBe("FAIL");
    expect(judge("sellOutMs", 10, [...twenty(() => 5), null]).verdict).toBe("UNDECIDED");
  });
});

test("a share of 95 % of sales takes 59 clean ones, and is refuted by its interval", () => {
  const limits = [["undersold", 0]] as const;
  const share = (bad: number, count: number) => {
    const values = Array.from({ length: count }, (_, i) => (i < bad ? 1 : 0));
    return testShare("deaths", "", sales("undersold", values), cell, limits);
  };
  expect([share(0, 59), share(0, 58), share(1, 59), share(6, 20)].map(verdictOf)).toEqual([
    "PASS",
    "UNDECIDED",
    "UNDECIDED",
    "FAIL",
  ]);
  expect(share(0, 20).reason).toBe("only 20 sales were run: it takes 59 to show 95 %");
  expect([share(0, 20).byMoreSales, share(1, 59).byMoreSales]).toEqual([true, false]);
});

test("more sales are advised only where they can make it a PASS", () => {
  const few = judge("sellOutMs", 1000, [500, 501, 502]);
  const wide = judge(
    "sellOutMs",
    4000,
    twenty((i) => (i % 2 === 0 ? 10 : 1500)),
  );
  expect([few.byMoreSales, wide.byMoreSales]).toEqual([true, true]);
  const nextSale = judge(
    "sellOutMs",
    520,
    twenty((i) => 500 + i),
  );
  const missed = judge("sellOutMs", 1000, [...twenty(() => 5), 2000]);
  expect([nextSale.verdict, nextSale.byMoreSales]).toEqual(["UNDECIDED", false]);
  expect([missed.verdict, missed.byMoreSales]).toEqual(["UNDECIDED", false]);
});

test("what never happened is bounded by the rule of three, not by an interval of no width", () => {
  expect(
    judge(
      "oversold",
      0,
      twenty(() => 0),
    ).noneSeenBound,
  ).toBeCloseTo(0.15, 12);
  expect(judge("oversold", 0, [0, 1]).noneSeenBound).toBeNull();
  expect(judge("errorShare", 0.1, [0, 0]).noneSeenBound).toBeNull();
});

describe("the smallest size that passes", () => {
  test.each([1, 5, 6, 37, 100])("is found as an interval: %i", async (truth) => {
    const seen = await smallestPassing(0, 10, 1000, (size) => Promise.resolve(size >= truth));
    expect(seen).toEqual({ fails: truth === 1 ? null : truth - 1, passes: truth });
  });

  test("may not exist", async () => {
    const seen = await smallestPassing(0, 10, 50, () => Promise.resolve(false));
    expect(seen).toEqual({ fails: 50, passes: null });
  });
});
