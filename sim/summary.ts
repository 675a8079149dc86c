/** The summary of a run: what happened, what held, and the verdict. */
import { INVARIANTS } from "../core/invariants/findings.ts";
import type { Findings, InvariantName } from "../core/invariants/findings.ts";
import type { Histogram } from "./kernel/histogram.ts";
import type {
  InvariantResult,
  LatencySummary,
  LayerCounts,
  RunConfig,
  SimulationResult,
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

function invariantResults(findings: Findings): InvariantResult[] {
  return INVARIANTS.map((name: InvariantName) => {
    const violation = findings.first(name);
    if (violation === undefined) return { name, ok: true, detail: HOLDS[name], atMs: null };
    const more = findings.count(name) - 1;
    const detail = more > 0 ? `${violation.detail} (and ${more} more)` : violation.detail;
    return { name, ok: false, detail, atMs: violation.atMs };
  });
}

function latencySummaries(latencies: readonly Histogram[]): LatencySummary[] {
  const summaries: LatencySummary[] = [];
  latencies.forEach((histogram, code) => {
    if (histogram.count === 0) return;
    summaries.push({
      answer: ANSWERS[code],
      count: histogram.count,
      p50Ms: histogram.quantileUs(0.5) / 1000,
      p99Ms: histogram.quantileUs(0.99) / 1000,
      maxMs: histogram.maxUs / 1000,
    });
  });
  return summaries;
}

/** What it means that an invariant holds. */
const HOLDS: Readonly<Record<InvariantName, string>> = {
  "no-oversell": "never more tickets acknowledged, or confirmed, than there are",
  "no-undersell": "no ticket stayed free while buyers who wanted it were refused",
  conservation: "free + held + confirmed = all tickets, after every call",
  "one-order": "one order for each reservation, in its state",
  "one-refund": "every charge that confirmed nothing goes back exactly once",
  "unknown-resolved": "every unknown outcome was resolved by its id",
  "buyer-limit": "no buyer over the limit, none refused below it",
  latch: "no server said sold out past the refill bound with stock left",
  "no-charge-in-vain": "nobody who paid in time was charged for nothing",
  determinism: "not checked yet",
};
