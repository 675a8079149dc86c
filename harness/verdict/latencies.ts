/** How long buyers waited for each kind of answer, from when they meant to ask. */
import type { CallRecord } from "../../core/history/records.ts";
import type { SimulationResult } from "../../sim/result.ts";

type LatencySummary = SimulationResult["latencies"][number];

/** The order in which the simulator lists them; ERROR: no answer of a ticket server. */
const ORDER = [
  "ACK",
  "SOLDOUT",
  "USERLIMIT",
  "TRYAGAIN",
  "UNKNOWN",
  "ERROR",
  "CANCELLED",
  "CONFIRMED",
];

/**
 * Waiting counts from the moment the caller meant to ask (no coordinated omission) until he heard
 * or gave up. The provider's messages and the questions after the sale are not buyers'.
 */
export function latencySummaries(calls: readonly CallRecord[]): LatencySummary[] {
  const waits = new Map<string, number[]>();
  for (const { caller, outcome, startMs, lateMs, leftMs } of calls) {
    if (caller === "provider" || caller === "resolver" || caller === "probe") continue;
    const answer = outcome === "NONE" || outcome === "UNSENT" ? "ERROR" : outcome;
    const list = waits.get(answer) ?? [];
    waits.set(answer, list);
    list.push(leftMs - startMs + lateMs);
  }
  return ORDER.flatMap((answer) => {
    const list = waits.get(answer);
    return list === undefined ? [] : [summary(answer, list)];
  });
}

function summary(answer: string, waits: number[]): LatencySummary {
  const ordered = Float64Array.from(waits).toSorted();
  const quantile = (p: number): number => round(ordered[Math.ceil(p * ordered.length) - 1]);
  const meanMs = round(waits.reduce((sum, wait) => sum + wait, 0) / waits.length);
  const maxMs = quantile(1);
  return {
    answer,
    count: waits.length,
    meanMs,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    maxMs,
  };
}

/** To whole microseconds. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
