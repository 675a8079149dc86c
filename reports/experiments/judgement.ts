/** PASS, FAIL or UNDECIDED: what independent sales say about one requirement. */
import { relativeHalfWidth } from "../statistics/estimate.ts";
import type { Estimate } from "../statistics/estimate.ts";
import { noneSeenBound, passesNeeded, wilsonInterval } from "../statistics/intervals.ts";
import type { Cell } from "./cell.ts";
import { estimateOf, meets } from "./limits.ts";
import { meaningOf } from "./measures.ts";
import type { Measure } from "./measures.ts";
import type { Sale } from "./run-sale.ts";

export type Verdict = "PASS" | "FAIL" | "UNDECIDED";

export interface Requirement {
  readonly id: string;
  readonly text: string;
  readonly unit: "ms" | "/s" | "share" | "";
  readonly limit: number;
  readonly estimate: Estimate;
  readonly verdict: Verdict;
  /** Why not PASS; empty if it is. */
  readonly reason: string;
  /** More sales of the same kind could make it a PASS. */
  readonly byMoreSales: boolean;
  /** (limit - next-sale bound) / limit; null where the limit is 0 or there is no bound. */
  readonly headroom: number | null;
  readonly seedsPassed: number;
  readonly seeds: number;
  /** At least this share of sales meets it, 95 % sure; null if a seed missed it. */
  readonly shareShown: number | null;
  /** Where nothing may happen and nothing did: it does in fewer than this share of sales, 95 % sure. */
  readonly noneSeenBound: number | null;
  /** Seeds with the worst values, the worst first. */
  readonly worstSeeds: readonly string[];
  readonly cell: Cell;
}

/** Half-widths, as shares of the mean or the limit, at which an interval is narrow enough. */
const PRECISION = 0.05;
const PRECISION_P99 = 0.1;
/** A share of 95 % is refuted if the whole interval lies below it. */
const SHARE_REQUIRED = 0.95;
/** So many clean sales, and no other, show that share 95 % sure. */
const SHARE_SEEDS_LEAST = passesNeeded(SHARE_REQUIRED);
/** Fewer clean sales than this show too little. */
const CLEAN_SEEDS_LEAST = 20;
const WORST_TOLD = 3;

/** Counts must keep their limit in every sale: one that does not is enough to refuse. */
const HARD: readonly Measure[] = ["undersold", "oversold", "brokenInvariants"];

export function testMeasure(
  [measure, limit]: readonly [Measure, number],
  sales: readonly Sale[],
  cell: Cell,
  seedsLeast: number,
): Requirement {
  const value = estimateOf(measure, sales);
  const seedsPassed = sales.filter((sale) => {
    const one = sale.values[measure];
    return one !== null && one <= limit;
  }).length;
  const [verdict, reason, byMoreSales = false] = judge(
    measure,
    limit,
    value,
    seedsPassed,
    sales.length,
    seedsLeast,
  );
  const { label, unit } = meaningOf(measure);
  return {
    id: measure,
    text: label,
    unit,
    limit,
    estimate: value,
    verdict,
    reason,
    byMoreSales,
    headroom: limit === 0 || value.nextHigh === null ? null : (limit - value.nextHigh) / limit,
    seedsPassed,
    seeds: sales.length,
    shareShown: shareShown(seedsPassed, sales.length),
    noneSeenBound: limit === 0 && value.most === 0 ? noneSeenBound(sales.length) : null,
    worstSeeds: worst(sales, ({ values }) => values[measure] ?? Infinity),
    cell,
  };
}

function judge(
  measure: Measure,
  limit: number,
  value: Estimate,
  passed: number,
  seeds: number,
  seedsLeast: number,
): [Verdict, string, boolean?] {
  if (value.count === 0 && measure !== "sellOutMs")
    return ["UNDECIDED", "fewer than 1,000 such answers in a sale: too few for a p99"];
  if (HARD.includes(measure) && passed < seeds)
    return ["FAIL", `${seeds - passed} of ${seeds} sales break it`];
  if (value.count === 0) return ["FAIL", "no sale sold out"];
  if (value.low !== null && value.low > limit)
    return ["FAIL", "the whole interval is beyond the limit"];
  if (passed < seeds) return ["UNDECIDED", `${seeds - passed} of ${seeds} sales miss it`];
  if (seeds < Math.max(seedsLeast, CLEAN_SEEDS_LEAST))
    return ["UNDECIDED", `only ${seeds} sales were run`, true];
  if (value.nextHigh === null || value.nextHigh > limit)
    return ["UNDECIDED", "the next sale may miss it"];
  if (!isNarrow(measure, value, limit)) return ["UNDECIDED", "the interval is still wide", true];
  return ["PASS", ""];
}

export function testShare(
  id: string,
  text: string,
  sales: readonly Sale[],
  cell: Cell,
  limits: readonly (readonly [Measure, number])[],
): Requirement {
  const passed = sales.filter((sale) => meets(sale, limits)).length;
  const { least, most } = wilsonInterval(passed, sales.length);
  const share = passed / sales.length;
  const verdict: Verdict =
    most < SHARE_REQUIRED
      ? "FAIL"
      : passed === sales.length && sales.length >= SHARE_SEEDS_LEAST
        ? "PASS"
        : "UNDECIDED";
  const reason =
    verdict === "PASS"
      ? ""
      : passed < sales.length
        ? `${sales.length - passed} of ${sales.length} sales miss something`
        : `only ${sales.length} sales were run: it takes ${SHARE_SEEDS_LEAST} to show ${SHARE_REQUIRED * 100} %`;
  return {
    id,
    text,
    unit: "share",
    limit: SHARE_REQUIRED,
    estimate: {
      count: sales.length,
      missing: 0,
      mean: share,
      low: least,
      high: most,
      nextLow: null,
      nextHigh: null,
      least: null,
      most: null,
    },
    verdict,
    reason,
    byMoreSales: verdict === "UNDECIDED" && passed === sales.length,
    headroom: null,
    seedsPassed: passed,
    seeds: sales.length,
    shareShown: shareShown(passed, sales.length),
    noneSeenBound: null,
    worstSeeds: worst(
      sales,
      (sale) => (meets(sale, limits) ? 0 : Infinity) || (sale.values.winnerP99Ms ?? 0),
    ),
    cell,
  };
}

/** After n clean sales of n, 95 % sure: at least 0.05^(1/n) of all sales are clean. */
function shareShown(passed: number, seeds: number): number | null {
  return passed < seeds || seeds === 0 ? null : 0.05 ** (1 / seeds);
}

function worst(sales: readonly Sale[], badness: (sale: Sale) => number): string[] {
  return sales
    .toSorted((a, b) => badness(b) - badness(a) || 0)
    .slice(0, WORST_TOLD)
    .map(({ seed }) => seed);
}

/** Whether more sales would change little: the interval is narrow beside the mean, or the limit. */
export function isNarrow(measure: Measure, value: Estimate, limit: number): boolean {
  if (value.count === 0) return true;
  const narrow = meaningOf(measure).logarithmic === true ? PRECISION_P99 : PRECISION;
  const { low, high } = value;
  if (low === null || high === null) return false;
  return relativeHalfWidth(value) <= narrow || (high - low) / 2 <= narrow * limit;
}
