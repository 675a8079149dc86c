/**
 * The sizes that the sweeps found, tried together on the whole sale: a smaller one may be over
 * before a queue has grown.
 */
import { bufferFor } from "../../core/quota.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { slicesOf } from "../../sim/scenario/slices.ts";
import type { Estimate } from "../statistics/estimate.ts";
import type { Threshold } from "./bisect.ts";
import type { BufferSizing } from "./buffers.ts";
import { cellOf, deathsTemplate, rushMs } from "./cell.ts";
import type { Cell } from "./cell.ts";
import type { Lab } from "./lab.ts";
import { estimateOf, limitsOf, meets } from "./limits.ts";
import { scenarioOf } from "./run-sale.ts";
import type { Sale } from "./run-sale.ts";
import type { ServerSizing } from "./servers.ts";
import { withServers } from "./sweep-cells.ts";

/** Servers and buffer together, while servers die. */
export interface FullSizeTrial {
  readonly servers: number;
  readonly buffer: number;
  readonly cell: Cell;
  readonly sales: readonly Sale[];
  readonly passed: number;
  /** The first sale that missed a limit; null if none did. */
  readonly missedSeed: string | null;
  readonly redisPeakPerSecond: Estimate;
}

/** Sizes tried at most. */
const TRIALS_MAX = 8;
const SERVERS_RAISE = 1.25;

/**
 * From the sizes that the sweeps found upwards: where tickets were left over a larger buffer is
 * tried, where another limit broke more servers are.
 *
 * @returns the trials, the last of which passed if any did; none in a rough report, or where no
 * size is known to try
 */
export async function tryAtFullSize(
  lab: Lab,
  { threshold, deaths }: ServerSizing,
  { measured }: BufferSizing,
): Promise<FullSizeTrial[]> {
  const { scenario, effort } = lab;
  const trials: FullSizeTrial[] = [];
  let servers = threshold.passes;
  let buffer = scenario.quota.refill === "off" ? 0 : measured["on-demand"].passes;
  if (effort.quick || servers === null || buffer === null) return trials;
  // oxlint-disable no-await-in-loop -- what is tried next depends on what was seen
  while (trials.length < TRIALS_MAX) {
    if (scenario.quota.refill === "off")
      buffer = Math.max(buffer, bufferBound(scenario, servers, deaths));
    const trial = await tryOne(lab, servers, buffer, deaths);
    trials.push(trial);
    if (hasPassed(trial)) break;
    if (trial.sales.some(({ values }) => values.undersold! > scenario.slo.undersold))
      buffer = Math.max(1, buffer * 2);
    else servers = Math.ceil(servers * SERVERS_RAISE);
  }
  // oxlint-enable no-await-in-loop
  return trials;
}

/** ceil(kS / (N - k)) with so many servers: less cannot do where quotas are final. */
function bufferBound(scenario: Scenario, servers: number, deaths: number): number {
  const sized = scenarioOf(scenario, cellOf({ ...withServers(scenario, servers), faults: [] }));
  return bufferFor(scenario.sale.tickets, slicesOf(sized), deaths);
}

/**
 * The smallest size that passed at full size, and the largest that failed there or in a sweep;
 * what the sweep found if nothing was tried.
 */
export function answerOf({ threshold }: ServerSizing, trials: readonly FullSizeTrial[]): Threshold {
  const last = trials.at(-1);
  if (last === undefined) return threshold;
  if (!hasPassed(last)) return { fails: last.servers, passes: null };
  const fewer = trials.filter(({ servers }) => servers < last.servers);
  return { fails: fewer.at(-1)?.servers ?? threshold.fails, passes: last.servers };
}

export function hasPassed({ passed, sales }: FullSizeTrial): boolean {
  return passed === sales.length;
}

async function tryOne(
  lab: Lab,
  servers: number,
  buffer: number,
  deaths: number,
): Promise<FullSizeTrial> {
  const { scenario, effort } = lab;
  const cell = cellOf({
    ...withServers(scenario, servers),
    "servers.buffer": buffer,
    faults: deathsTemplate(deaths, rushMs(scenario)),
  });
  const limits = limitsOf(scenario);
  const keeps = (sale: Sale): boolean => meets(sale, limits);
  let sales: readonly Sale[] = [];
  // A size that fails is found out by few sales; one that passes is shown by as many as deaths are.
  for (const count of [effort.sweepSeeds, effort.answerLeast, effort.answerMost]) {
    // oxlint-disable-next-line no-await-in-loop -- whether to go on depends on what was seen
    sales = await lab.sales(cell, count);
    if (!sales.every(keeps)) break;
  }
  return {
    servers,
    buffer,
    cell,
    sales,
    passed: sales.filter(keeps).length,
    missedSeed: sales.find((sale) => !keeps(sale))?.seed ?? null,
    redisPeakPerSecond: estimateOf("redisPeakPerSecond", sales),
  };
}
