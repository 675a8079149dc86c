import { describe, expect, test } from "vitest";
import type { Contender } from "./contenders.ts";
import type { Series } from "./measure.ts";
import { gatesOf, ratio, rowsOf } from "./verdict.ts";

function series(contender: Contender, rates: readonly number[], load: Series["load"] = "wrk") {
  const results = rates.map((perSecond, i) => ({
    requests: perSecond,
    perSecond,
    p50Ms: 10 + i,
    p99Ms: 20 + i,
    cpuUs: 30 + i,
  }));
  return { contender, load, results };
}

const COST = { itemUs: 8, plainUs: 4, ratio: 2 };

/** Three rounds; in the second the machine was busy with something else. */
const MEASURED = [
  series("bare", [1000, 100, 1000]),
  series("refusals", [850, 90, 850]),
  series("allRedis", [450, 45, 500]),
  series("lock", [150, 15, 100]),
];

test("a ratio is of the same round: a busy machine slows both", () => {
  expect(ratio(MEASURED, "refusals", "bare")).toBe(0.85);
  const oneSided = [series("bare", [1000, 100, 100]), series("refusals", [100, 1000, 100])];
  expect(ratio(oneSided, "refusals", "bare")).toBe(1);
});

test("a row has the medians of its rounds", () => {
  expect(rowsOf(MEASURED)[0]).toEqual({
    contender: "bare",
    load: "wrk",
    perSecond: 1000,
    spread: 0.9,
    p50Ms: 11,
    p99Ms: 21,
    cpuUs: 31,
    ofBare: 1,
  });
});

test("each load is compared with the bare server under the same load", () => {
  const both = [...MEASURED, series("bare", [10], "ab"), series("refusals", [5], "ab")];
  expect(rowsOf(both).at(-1)!.ofBare).toBe(0.5);
});

describe("the gates", () => {
  test("are passed at their limits", () => {
    expect(
      gatesOf(MEASURED, COST).map(({ value, limit, passed }) => [value, limit, passed]),
    ).toEqual([
      [0.85, 0.85, true],
      [0.45, 0.45, true],
      [3, 3, true],
      [2, 2, true],
    ]);
  });

  test.each<[string, Contender, readonly number[], number]>([
    ["refusals too slow", "refusals", [849, 84, 849], 0],
    ["the counter's path too slow", "allRedis", [449, 44, 449], 1],
    ["hardly faster than one lock", "lock", [151, 16, 170], 2],
  ])("%s", (_what, contender, rates, failing) => {
    const measured = MEASURED.map((each) =>
      each.contender === contender ? series(contender, rates) : each,
    );
    expect(gatesOf(measured, COST)[failing].passed).toBe(false);
  });

  test("a held ticket costs Redis too much", () => {
    expect(gatesOf(MEASURED, { ...COST, ratio: 2.01 }).at(-1)!.passed).toBe(false);
  });
});
