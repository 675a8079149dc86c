import { expect, test } from "vitest";
import { loadScenario } from "../../sim/scenario/load.ts";
import type { Cell } from "./cell.ts";
import { effortOf } from "./effort.ts";
import type { Lab } from "./lab.ts";
import { findCapacity } from "./load.ts";
import { MEASURE_NAMES } from "./measures.ts";
import type { Values } from "./measures.ts";
import type { Sale } from "./run-sale.ts";

const zeros = Object.fromEntries(MEASURE_NAMES.map((name) => [name, 0])) as Values;
const smoke = loadScenario("smoke", 1n);

/** A laboratory in which a limit breaks above that rate. */
function labOf(breaksAbove: number, quick = false) {
  const asked: { rate: number; buyers: number }[] = [];
  const lab = {
    scenario: smoke,
    effort: effortOf(smoke, quick, null),
    sales: ({ settings }: Cell, count: number): Promise<Sale[]> => {
      const numberOf = (path: string): number =>
        Number(settings.find((setting) => setting.startsWith(`${path}=`))!.split("=")[1]);
      const rate = numberOf("buyers.ratePerSecond");
      asked.push({ rate, buyers: numberOf("buyers.count") });
      const values = { ...zeros, sellOutMs: rate > breaksAbove ? 1e9 : 1 };
      return Promise.resolve(
        Array.from({ length: count }, (_, seed): Sale => {
          return { seed: String(seed), verdict: "passed", traceHash: "", values, detail: null };
        }),
      );
    },
  };
  return { lab: lab as unknown as Lab, asked };
}

test("the knee is between the last rate that keeps every limit and the first that does not", async () => {
  const own = smoke.buyers.ratePerSecond;
  const { kneePerSecond, beyondPerSecond } = await findCapacity(labOf(own * 3).lab);
  expect(kneePerSecond).toBeLessThanOrEqual(own * 3);
  expect(beyondPerSecond).toBeGreaterThan(own * 3);
  expect(beyondPerSecond! / kneePerSecond!).toBeLessThan(1.2);
});

test.each([
  ["half a second", false, 0.5],
  ["a tenth, in a rough report,", true, 0.1],
])("a crowd lasts %s at least, however fast it comes", async (_what, quick, least) => {
  const { lab, asked } = labOf(Infinity, quick);
  const { crowdSeconds } = await findCapacity(lab);
  expect(crowdSeconds).toBe(least);
  expect(asked.length).toBeGreaterThan(quick ? 3 : 6);
  for (const { rate, buyers } of asked) {
    expect(buyers).toBeGreaterThanOrEqual(lab.effort.sweepBuyers);
    expect(buyers / rate).toBeGreaterThanOrEqual(least);
  }
});
