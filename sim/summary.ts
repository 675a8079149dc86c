/** The summary of a run: what happened, what held, and the verdict. */
import { invariantResults } from "../core/invariants/results.ts";
import type { Histogram } from "./kernel/histogram.ts";
import type {
  LatencySummary,
  LayerCounts,
  RunConfig,
  SimulationResult,
  StationSummaries,
} from "./result.ts";
import type { Course } from "./world/course.ts";
import type { Machines } from "./world/machines.ts";
import { ANSWERS } from "./world/requests.ts";

/** Summarises a run; `partial` if it was interrupted. */
export function summarise(
  config: RunConfig,
  machines: Machines,
  course: Course,
  partial: boolean,
): SimulationResult {
  const { scenario, plan, seed, strategy } = config;
  const { world, buyers, closing, redis } = machines;
  const { judge, trace, nowMs } = world;
  const { claims, demand, charges } = judge;
  const stock = course.settled ?? { ...machines.stock(), undersold: demand.undersold() };
  const invariants = invariantResults(judge.findings);
  const pending = [...course.pending, ...closing.probesFailed];
  if (partial) pending.push("the run was interrupted");
  if (stock.hoarded > 0) pending.push(`${stock.hoarded} tickets are held without a deadline`);
  const violated = invariants.some(({ ok }) => !ok);
  const perTicket = (count: number): number =>
    claims.acked === 0 ? 0 : Math.round((count / claims.acked) * 10_000) / 10_000;
  return {
    schemaVersion: 1,
    seed: seed.toString(),
    strategy,
    scenario: scenario.name,
    verdict: violated ? "violated" : pending.length > 0 ? "no-progress" : "passed",
    traceHash: trace.hash(),
    tickets: scenario.sale.tickets,
    buyers: buyers.arrived,
    acked: claims.acked,
    held: stock.held,
    confirmed: stock.confirmed,
    free: stock.free,
    refused: buyers.outcomes.refused,
    tryAgain: buyers.outcomes.tryAgain,
    unknown: buyers.outcomes.unknown,
    unresolved: judge.unknownIds().length,
    oversold: Math.max(claims.oversold, judge.rows.oversold),
    undersold: stock.undersold,
    falseSoldOut: demand.falseSoldOut,
    hoarded: stock.hoarded,
    chargedInVain: charges.chargedInVain,
    refunds: charges.refunds,
    probeSold: closing.probeSold,
    counterCallsPerTicket: perTicket(redis.counts.reserveItems),
    counterScriptsPerTicket: perTicket(redis.counts.scriptCalls),
    events: trace.events,
    virtualSeconds: Math.round(nowMs) / 1000,
    partial,
    invariants,
    pending,
    faults: plan.episodes,
    layers: layerCounts(machines, perTicket),
    stations: stationSummaries(machines),
    latencies: latencySummaries(buyers.latencies),
    stock: machines.stockOverTime.series(),
  };
}

function layerCounts(machines: Machines, perTicket: (count: number) => number): LayerCounts {
  const { frontDoor, proxies, servers, redis, workers, database } = machines;
  const { statements } = database.book;
  return {
    ...frontDoor.layers(),
    nginx: proxies.layers(),
    servers: servers.layers(),
    redis: redis.counts,
    orders: {
      recorded: workers.recorded,
      statements,
      statementsPerTicket: perTicket(statements),
    },
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
