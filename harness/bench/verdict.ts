/** What the measurements say: medians, ratios by round, and whether they pass the gates. */
import { median, spread } from "../../sim/bench/statistics.ts";
import type { Contender } from "./contenders.ts";
import type { Series } from "./measure.ts";
import type { ReserveCost } from "./redis-cost.ts";

export interface Row {
  readonly contender: Contender;
  readonly load: Series["load"];
  /** Requests a second: the median of the rounds, and the largest distance from it as a share. */
  readonly perSecond: number;
  readonly spread: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of the server's own processes for each request, in microseconds. */
  readonly cpuUs: number;
  /** Of the bare server under the same load: the median of the ratios within each round. */
  readonly ofBare: number;
}

export interface Gate {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  /** Whether the value must be at least or at most the limit. */
  readonly is: "at least" | "at most";
  readonly passed: boolean;
}

/** The bare server behind nginx is not measured: those rows are of the bare one without. */
export function rowsOf(series: readonly Series[]): Row[] {
  return series.map(({ contender, load, results }) => {
    const rates = results.map(({ perSecond }) => perSecond);
    return {
      contender,
      load,
      perSecond: median(rates),
      spread: spread(rates),
      p50Ms: median(results.map(({ p50Ms }) => p50Ms)),
      p99Ms: median(results.map(({ p99Ms }) => p99Ms)),
      cpuUs: median(results.map(({ cpuUs }) => cpuUs)),
      ofBare: ratio(series, contender, "bare", load),
    };
  });
}

/** Direct, with keep-alive. */
export function gatesOf(series: readonly Series[], redis: ReserveCost): Gate[] {
  return [
    gate("refusals / bare node:http", ratio(series, "refusals", "bare"), "at least", 0.85),
    gate("all-Redis / bare node:http", ratio(series, "allRedis", "bare"), "at least", 0.45),
    gate("all-Redis / one lock", ratio(series, "allRedis", "lock"), "at least", 3),
    gate("Redis CPU of a held ticket / its plain commands", redis.ratio, "at most", 2),
  ];
}

function gate(name: string, value: number, is: Gate["is"], limit: number): Gate {
  return { name, value, limit, is, passed: is === "at least" ? value >= limit : value <= limit };
}

/**
 * Of two servers, round by round: what else runs on the machine changes from one round to the next,
 * and within one it slows both.
 */
export function ratio(
  series: readonly Series[],
  contender: Contender,
  reference: Contender,
  load: Series["load"] = "wrk",
): number {
  const of = (name: Contender): readonly number[] =>
    series
      .find((each) => each.contender === name && each.load === load)!
      .results.map(({ perSecond }) => perSecond);
  const references = of(reference);
  return median(of(contender).map((rate, round) => rate / references[round]));
}
