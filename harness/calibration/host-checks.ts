/**
 * Is the host quiet enough? A measurement on one that is not says more about its other work than
 * about the stack, so then there are no errors to tell.
 */
import { spread } from "../../sim/bench/statistics.ts";
import type { HostCheck } from "./file.ts";
import type { Laws } from "./laws.ts";
import { latenessMs, measuresOf, quantile, responsesMs } from "./measures.ts";
import type { Sample } from "./measures.ts";
import { LATENCY_LOAD_PERCENT_MAX } from "./points.ts";

/** A hiccup longer than a quarter of a service is no longer hidden by it. */
const PING_OF_SERVICE_MAX = 0.25;
/** Later requests would make another stream of arrivals than the predicted one. */
const LATENESS_OF_P50_MAX = 0.1;
/** Two thirds of the band of the mean: what repeats differ by cannot be the model's error. */
const SPREAD_MAX = 0.1;
/** At 80 % load the mean response moves 4.3 times as much as the service: by 13 % of its 15. */
const DRIFT_MAX = 0.03;

/** All requests of the repeats at one load. */
export interface Repeats {
  readonly loadPercent: number;
  readonly samples: readonly Sample[];
}

export function pingCheck(
  when: "before" | "between",
  pingsMs: readonly number[],
  serviceUs: number,
): HostCheck {
  const p99 = quantile(sorted(pingsMs), 0.99);
  const name = `idle ping p99 ${when} the measurements`;
  return check(name, "ms", p99, (PING_OF_SERVICE_MAX * serviceUs) / 1000);
}

/** How late the generator was, at the load where that was worst. */
export function latenessCheck(all: readonly Repeats[]): HostCheck {
  const shares = all.map(({ samples }) => {
    const late = quantile(sorted(samples.flatMap(latenessMs)), 0.99);
    return late / quantile(sorted(samples.flatMap(responsesMs)), 0.5);
  });
  return check(
    "lateness p99 of the load, of p50 response",
    "share",
    most(shares),
    LATENESS_OF_P50_MAX,
  );
}

/** Repeats have the same arrivals, so that they would be equal on a host with nothing else to do. */
export function spreadCheck(all: readonly Repeats[]): HostCheck {
  const spreads = all
    // Beyond it the mean response is not compared.
    .filter(({ loadPercent }) => loadPercent <= LATENCY_LOAD_PERCENT_MAX)
    .map(({ samples }) => spread(samples.map((sample) => measuresOf(sample, 0).meanMs)));
  return check("spread of the repeats' mean response", "share", most(spreads), SPREAD_MAX);
}

export function driftCheck(first: Laws, last: Laws): HostCheck {
  const drift = Math.abs(last.serverUs - first.serverUs) / first.serverUs;
  return check("drift of the service time at low load", "share", drift, DRIFT_MAX);
}

/** One sentence on what failed; empty if nothing did. */
export function reasonOf(checks: readonly HostCheck[]): string {
  const failed = checks.filter(({ passed }) => !passed);
  if (failed.length === 0) return "";
  const words = failed.map(
    ({ name, unit, value, limit }) =>
      `${name} is ${shown(value, unit)}, above ${shown(limit, unit)}`,
  );
  return `the host is too noisy: ${words.join("; ")}`;
}

export function shown(value: number, unit: string): string {
  return unit === "share"
    ? `${Number((value * 100).toFixed(1))} %`
    : `${Number(value.toPrecision(3))} ${unit}`;
}

function check(name: string, unit: HostCheck["unit"], value: number, limit: number): HostCheck {
  return { name, unit, value, limit, passed: value <= limit };
}

function sorted(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}
