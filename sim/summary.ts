/** The summary of a run: what happened, what held, and the verdict. */
import { invariantResults } from "../core/invariants/results.ts";
import type { Histogram } from "./kernel/histogram.ts";
import type { LatencySummary, RunConfig, SimulationResult, StationSummaries } from "./result.ts";
import type { Course } from "./world/course.ts";
import type { Machines } from "./world/machines.ts";
import { ANSWERS } from "./world/requests.ts";
import { settledNow } from "./world/settled.ts";
import { NS_PER_MS } from "./world/world.ts";

/** Summarises a run; `partial` if it was interrupted. */
export function summarise(
  config: RunConfig,
  machines: Machines,
  course: Course,
  partial: boolean,
): SimulationResult {
  const { scenario, plan, seed, strategy } = config;
  const { world, buyers, closing } = machines;
  const { judge, trace, nowMs } = world;
  const { claims, demand, charges } = judge;
  const settled = course.settled ?? settledNow(machines);
  const invariants = invariantResults(judge.findings);
  const pending = [...course.pending, ...closing.probesFailed];
  if (partial) pending.push("the run was interrupted");
  if (settled.hoarded > 0) pending.push(`${settled.hoarded} tickets are held without a deadline`);
  const violated = invariants.some(({ ok }) => !ok);
  return {
    schemaVersion: 1,
    seed: seed.toString(),
    strategy,
    scenario: scenario.name,
    verdict: violated ? "violated" : pending.length > 0 ? "no-progress" : "passed",
    traceHash: trace.hash(),
    tickets: scenario.sale.tickets,
    buyers: buyers.arrived,
    acked: settled.acked,
    held: settled.held,
    confirmed: settled.confirmed,
    free: settled.free,
    refused: buyers.outcomes.refused,
    tryAgain: buyers.outcomes.tryAgain,
    unknown: buyers.outcomes.unknown,
    unresolved: judge.unknownIds().length,
    oversold: Math.max(claims.oversold, judge.rows.oversold),
    undersold: settled.undersold,
    falseSoldOut: demand.falseSoldOut,
    hoarded: settled.hoarded,
    chargedInVain: charges.chargedInVain,
    refunds: charges.refunds,
    probeSold: closing.probeSold,
    soldOutMs: machines.soldOutNs === null ? null : machines.soldOutNs / NS_PER_MS,
    counterCallsPerTicket: settled.counterCallsPerTicket,
    counterScriptsPerTicket: settled.counterScriptsPerTicket,
    events: trace.events,
    virtualSeconds: Math.round(nowMs) / 1000,
    partial,
    invariants,
    pending,
    faults: plan.episodes,
    layers: settled.layers,
    stations: stationSummaries(machines),
    latencies: latencySummaries(buyers.latencies),
    stock: machines.stockOverTime.series(),
  };
}

function stationSummaries(machines: Machines): StationSummaries {
  const { proxies, servers, redis, database } = machines;
  return {
    nginx: proxies.meter.summary(),
    servers: servers.meter.summary(),
    redis: redis.meter.summary(),
    orderDatabase: database.meter.summary(),
  };
}

function latencySummaries(latencies: readonly Histogram[]): LatencySummary[] {
  const summaries: LatencySummary[] = [];
  latencies.forEach((histogram, code) => {
    if (histogram.count === 0) return;
    summaries.push({
      answer: ANSWERS[code],
      count: histogram.count,
      meanMs: histogram.sumUs / histogram.count / 1000,
      p50Ms: histogram.quantileUs(0.5) / 1000,
      p99Ms: histogram.quantileUs(0.99) / 1000,
      maxMs: histogram.maxUs / 1000,
    });
  });
  return summaries;
}
