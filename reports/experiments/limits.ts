/** What every single sale must do, and what was measured of several. */
import type { Scenario } from "../../sim/scenario/schema.ts";
import { estimate } from "../statistics/estimate.ts";
import type { Estimate } from "../statistics/estimate.ts";
import { meaningOf } from "./measures.ts";
import type { Measure } from "./measures.ts";
import type { Sale } from "./run-sale.ts";

/** What one sale must do: measure, and limit. */
export function limitsOf({ slo }: Scenario): [Measure, number][] {
  const { p99Ms } = slo;
  const limits: [Measure, number | undefined][] = [
    ["sellOutMs", slo.sellOutMs],
    ["winnerP99Ms", p99Ms.winner],
    ["soldOutP99Ms", p99Ms.soldOut],
    ["falseSoldOutP99Ms", p99Ms.falseSoldOut],
    ["errorP99Ms", p99Ms.error],
    ["errorShare", slo.errorShare],
    ["undersold", slo.undersold],
    ["oversold", 0],
    ["brokenInvariants", 0],
  ];
  return limits.filter((limit): limit is [Measure, number] => limit[1] !== undefined);
}

/** A p99 that cannot be had, for want of such answers, is no miss; a sell-out that never came is. */
export function meets({ values }: Sale, limits: readonly (readonly [Measure, number])[]): boolean {
  return limits.every(([measure, limit]) => {
    const value = values[measure];
    return value === null ? measure !== "sellOutMs" : value <= limit;
  });
}

export function estimateOf(measure: Measure, sales: readonly Sale[]): Estimate {
  const { logarithmic } = meaningOf(measure);
  return estimate(
    sales.map(({ values }) => values[measure]),
    logarithmic === true,
  );
}
