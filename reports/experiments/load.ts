/** How much load: the arrival rate at which some promise breaks, and how sales grow with servers. */
import type { Estimate } from "../statistics/estimate.ts";
import type { Threshold } from "./bisect.ts";
import { cellOf } from "./cell.ts";
import type { Cell } from "./cell.ts";
import type { Effort } from "./effort.ts";
import type { Lab } from "./lab.ts";
import { estimateOf, limitsOf, meets } from "./limits.ts";
import type { SaleDetail } from "./run-sale.ts";
import { rushOnly, smallSale, withServers } from "./sweep-cells.ts";

export interface LoadPoint {
  readonly ratePerSecond: number;
  readonly cell: Cell;
  readonly seeds: number;
  readonly passed: boolean;
  readonly answersPerSecond: Estimate;
  readonly errorShare: Estimate;
  readonly winnerP99Ms: Estimate;
  readonly soldOutP99Ms: Estimate;
  readonly details: readonly SaleDetail[];
}

export interface Capacity {
  /** How long a crowd lasts at least. */
  readonly crowdSeconds: number;
  readonly points: readonly LoadPoint[];
  /** Largest rate that keeps every promise (`fails` and `passes` are swapped: more load hurts). */
  readonly kneePerSecond: number | null;
  readonly beyondPerSecond: number | null;
}

export interface ScalingPoint {
  readonly servers: number;
  readonly cell: Cell;
  readonly seeds: number;
  readonly salesPerSecond: Estimate;
  readonly redisBusyShareMax: Estimate;
}

export interface Scaling {
  readonly ratePerSecond: number;
  readonly points: readonly ScalingPoint[];
}

const FACTORS = [0.5, 1, 2, 4, 8, 16];
const FACTORS_QUICK = [0.5, 1, 4, 16];
/** Where nothing breaks, the rate grows on up to this factor. */
const FACTOR_MOST = 1024;
const REFINEMENTS = 3;
/** A crowd lasts so long at least: one that is over sooner is gone before queues are full. */
const CROWD_SECONDS_LEAST = 0.5;
const CROWD_SECONDS_LEAST_QUICK = 0.1;

export async function findCapacity(lab: Lab): Promise<Capacity> {
  const { scenario, effort } = lab;
  const own = scenario.buyers.ratePerSecond;
  const factors = effort.quick ? FACTORS_QUICK : FACTORS;
  const points = await Promise.all(factors.map((factor) => loadPoint(lab, own * factor)));
  // oxlint-disable no-await-in-loop -- where to look next depends on what was seen
  for (let factor = 64; factor <= FACTOR_MOST && knee(points).fails === null; factor *= 4)
    points.push(await loadPoint(lab, own * factor));
  for (let i = 0; i < (effort.quick ? 1 : REFINEMENTS); i += 1) {
    const { passes, fails } = knee(points);
    if (passes === null || fails === null) break;
    points.push(await loadPoint(lab, Math.round(Math.sqrt(passes * fails))));
  }
  // oxlint-enable no-await-in-loop
  points.sort((a, b) => a.ratePerSecond - b.ratePerSecond);
  const { passes, fails } = knee(points);
  const crowdSeconds = crowdSecondsOf(effort);
  return { crowdSeconds, points, kneePerSecond: passes, beyondPerSecond: fails };
}

/** Below the first rate that fails; later ones that pass by chance do not count. */
function knee(points: readonly LoadPoint[]): Threshold {
  const sorted = points.toSorted((a, b) => a.ratePerSecond - b.ratePerSecond);
  const first = sorted.findIndex(({ passed }) => !passed);
  if (first < 0) return { passes: sorted.at(-1)!.ratePerSecond, fails: null };
  return {
    passes: first === 0 ? null : sorted[first - 1].ratePerSecond,
    fails: sorted[first].ratePerSecond,
  };
}

async function loadPoint(lab: Lab, ratePerSecond: number): Promise<LoadPoint> {
  const { effort, scenario } = lab;
  const buyers = Math.max(effort.sweepBuyers, Math.ceil(ratePerSecond * crowdSecondsOf(effort)));
  const cell = cellOf({
    ...smallSale(effort),
    "buyers.ratePerSecond": ratePerSecond,
    "buyers.count": buyers,
  });
  const sales = await lab.sales(cell, effort.sweepSeeds, true);
  const limits = limitsOf(scenario);
  // The knee is where the bound of the next sale meets a limit, not where the mean does.
  const bounded = limits.every(([measure, limit]) => {
    const { count, nextHigh } = estimateOf(measure, sales);
    return count === 0 || nextHigh === null || nextHigh <= limit;
  });
  return {
    ratePerSecond,
    cell,
    seeds: sales.length,
    passed: bounded && sales.every((sale) => meets(sale, limits)),
    answersPerSecond: estimateOf("answersPerSecond", sales),
    errorShare: estimateOf("errorShare", sales),
    winnerP99Ms: estimateOf("winnerP99Ms", sales),
    soldOutP99Ms: estimateOf("soldOutP99Ms", sales),
    details: sales.map(({ detail }) => detail).filter((detail) => detail !== null),
  };
}

function crowdSecondsOf({ quick }: Effort): number {
  return quick ? CROWD_SECONDS_LEAST_QUICK : CROWD_SECONDS_LEAST;
}

/** Arrivals far above what is asked for, so that the machines set the pace. */
const RUSH_FACTOR = 16;

export async function findScaling(lab: Lab): Promise<Scaling> {
  const { scenario, effort } = lab;
  const ratePerSecond = scenario.buyers.ratePerSecond * RUSH_FACTOR;
  const own = scenario.servers.count;
  const most = own * 2;
  const counts = [2, 4, 8, 16, 32, 64, 128, 256, 512].filter((count) => count < most);
  const list = [...new Set([...counts.filter((_, i) => !effort.quick || i % 2 === 0), own, most])];
  const points = await Promise.all(
    list
      .toSorted((a, b) => a - b)
      .map(async (servers): Promise<ScalingPoint> => {
        const cell = cellOf({
          ...rushOnly(effort),
          ...withServers(scenario, servers),
          "buyers.ratePerSecond": ratePerSecond,
        });
        const sales = await lab.sales(cell, effort.sweepSeeds);
        return {
          servers,
          cell,
          seeds: sales.length,
          salesPerSecond: estimateOf("salesPerSecond", sales),
          redisBusyShareMax: estimateOf("redisBusyShareMax", sales),
        };
      }),
  );
  return { ratePerSecond, points };
}
