/** One sale: a cell with one seed, run and measured. */
import type { Strategy } from "../../core/strategy.ts";
import { applySettings } from "../../sim/cli/settings.ts";
import { drawPlan } from "../../sim/faults/draw.ts";
import type { Episode } from "../../sim/faults/vocabulary.ts";
import type { SimulationResult, Verdict } from "../../sim/result.ts";
import { checkScenario } from "../../sim/scenario/load.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { Simulation } from "../../sim/simulation.ts";
import type { Histogram, HistogramBucket } from "../../sim/kernel/histogram.ts";
import { merge, quantileMs } from "../statistics/merged-histogram.ts";
import type { Cell } from "./cell.ts";
import type { Values } from "./measures.ts";
import { answersOf, BIN_MS, watch } from "./timeline.ts";
import type { LatencySnapshot, Timeline } from "./timeline.ts";

/** Curves and histograms of one sale, where an experiment asks for them. */
export interface SaleDetail {
  readonly timeline: Timeline;
  readonly snapshots: readonly LatencySnapshot[];
  readonly winner: readonly HistogramBucket[];
  /** Honest and false ones. */
  readonly soldOut: readonly HistogramBucket[];
  readonly falseSoldOut: readonly HistogramBucket[];
  readonly error: readonly HistogramBucket[];
  readonly episodes: readonly Episode[];
  /** Paid tickets as steps: from the i-th time on so many. */
  readonly confirmedAtMs: readonly number[];
  readonly confirmed: readonly number[];
}

export interface Sale {
  /** Decimal. */
  readonly seed: string;
  readonly verdict: Verdict;
  readonly traceHash: string;
  readonly values: Values;
  readonly detail: SaleDetail | null;
}

/** After the last arrival the crowd is watched for this long: retries, and the network's delays. */
const CROWD_TAIL_MS = 5000;
/** Latency over time: bins with enough answers for a p99, where there are so many buyers. */
const ANSWERS_PER_SNAPSHOT = 1500;
const SNAPSHOTS_LEAST = 4;
const SNAPSHOTS_MOST = 50;
const BUSY_WINDOW_BINS = 10;

export function scenarioOf(base: Scenario, { settings }: Cell): Scenario {
  return checkScenario(applySettings(base, settings), "");
}

export function runSale(
  base: Scenario,
  cell: Cell,
  strategy: Strategy,
  seed: bigint,
  detailed: boolean,
): Sale {
  const scenario = scenarioOf(base, cell);
  const plan = drawPlan(scenario, seed);
  const simulation = new Simulation({ seed, scenario, strategy: cell.strategy, plan }, strategy);
  const falseSoldOuts = simulation.recordFalseSoldOuts();
  const { tickets } = scenario.sale;
  const arrivalsMs = (scenario.buyers.count / scenario.buyers.ratePerSecond) * 1000;
  const crowdMs = arrivalsMs + CROWD_TAIL_MS;
  const snapshots = Math.floor(scenario.buyers.count / ANSWERS_PER_SNAPSHOT);
  const snapshotMs = arrivalsMs / Math.max(SNAPSHOTS_LEAST, Math.min(SNAPSHOTS_MOST, snapshots));
  const watched = watch(simulation, {
    tickets,
    arrivalsMs,
    crowdMs,
    snapshotMs: detailed ? snapshotMs : null,
  });
  const result = simulation.result();
  const latencies = simulation.latencies();
  const honest = honestBuckets(latencies.SOLDOUT, falseSoldOuts.latencies);
  const { timeline } = watched;
  const values: Values = {
    sellOutMs: watched.sellOutMs,
    winnerP99Ms: p99Ms(latencies.ACK.buckets()),
    soldOutP99Ms: p99Ms(honest),
    falseSoldOutP99Ms: p99Ms(falseSoldOuts.latencies.buckets()),
    errorP99Ms: p99Ms(latencies.ERROR.buckets()),
    winners: latencies.ACK.count,
    soldOuts: latencies.SOLDOUT.count - falseSoldOuts.latencies.count,
    falseSoldOuts: falseSoldOuts.latencies.count,
    tryAgains: latencies.TRYAGAIN.count,
    errors: latencies.ERROR.count,
    errorShare: share(latencies.ERROR.count, answersOf(latencies) + latencies.ERROR.count),
    answersPerSecond: (watched.answersWhileArriving / arrivalsMs) * 1000,
    salesPerSecond: watched.sellOutMs === null ? null : (tickets / watched.sellOutMs) * 1000,
    unsoldInRush: Math.max(0, tickets - watched.ticketsTakenMax),
    countedNotTold: Math.max(0, watched.ticketsTakenMax - result.acked),
    unpaid: Math.max(0, tickets - result.confirmed),
    oversold: result.oversold,
    undersold: result.undersold,
    refunds: result.refunds,
    unknown: result.unknown,
    // Undersell has a measure, and a limit, of its own.
    brokenInvariants: result.invariants.filter(({ name, ok }) => !ok && name !== "no-undersell")
      .length,
    redisCalls: result.stations.redis.arrivals,
    redisCallsPerTicket: result.stations.redis.arrivals / tickets,
    redisPeakPerSecond: (greatest(timeline.redisCalls) / BIN_MS) * 1000,
    redisBacklogMax: result.stations.redis.inSystemMax,
    redisBusyShareMax: busiest(timeline.redisBusyMs),
    statementsPerTicket:
      result.confirmed === 0 ? null : result.layers.orders.statements / result.confirmed,
    nginxQueueMax: result.stations.nginx.inSystemMax,
    serversQueueMax: result.stations.servers.inSystemMax,
    databaseQueueMax: result.stations.orderDatabase.inSystemMax,
  };
  return {
    seed: seed.toString(),
    verdict: result.verdict,
    traceHash: result.traceHash,
    values,
    detail: detailed
      ? {
          timeline,
          snapshots: watched.snapshots,
          winner: latencies.ACK.buckets(),
          soldOut: honest,
          falseSoldOut: falseSoldOuts.latencies.buckets(),
          error: latencies.ERROR.buckets(),
          episodes: plan.episodes,
          ...confirmedSteps(result),
        }
      : null,
  };
}

function confirmedSteps({ stock }: SimulationResult) {
  return { confirmedAtMs: stock.atMs, confirmed: stock.confirmed };
}

function p99Ms(buckets: readonly HistogramBucket[]): number | null {
  return quantileMs(merge([buckets]), 0.99);
}

/** All sold-outs without the false ones. Equal values lie in equal buckets, but for the last edge. */
function honestBuckets(all: Histogram, wrong: Histogram): HistogramBucket[] {
  let missing = 0;
  const wrongCounts = new Map(wrong.buckets());
  const rest = all.buckets().map(([upToUs, count]): HistogramBucket => {
    const taken = Math.min(count, (wrongCounts.get(upToUs) ?? 0) + missing);
    missing += (wrongCounts.get(upToUs) ?? 0) - taken;
    return [upToUs, count - taken];
  });
  return rest.filter(([, count]) => count > 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function greatest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** The busiest tenth of a second, as a share of it. A pass counts where it begins. */
function busiest(busyMs: readonly number[]): number {
  let sum = 0;
  let most = 0;
  busyMs.forEach((ms, i) => {
    sum += ms - (i >= BUSY_WINDOW_BINS ? busyMs[i - BUSY_WINDOW_BINS] : 0);
    most = Math.max(most, sum);
  });
  return Math.min(1, most / (BUSY_WINDOW_BINS * BIN_MS));
}
