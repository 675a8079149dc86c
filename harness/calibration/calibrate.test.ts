/** The procedure on stacks whose truth is known. */
import { expect, test } from "vitest";
import { calibrate } from "./calibrate.ts";
import type { Outcome } from "./calibrate.ts";
import { outsideBands, rounded, sha256Of } from "./file.ts";
import { reasonOf } from "./host-checks.ts";
import { planOf } from "./plan.ts";
import { SyntheticStack } from "./testing/synthetic-stack.ts";
import type { Behaviour } from "./testing/synthetic-stack.ts";

const PLAN = planOf(false, 4000);
/** Of the series that are sent: the probe, the fit, what was predicted, the look for a drift. */
const FIT = 1;
const LAST = 2 + PLAN.repeats * (PLAN.loadPercents.length + 1);

interface Told extends Outcome {
  readonly stack: SyntheticStack;
  readonly seriesWhenPredicted: number;
}

async function calibrated(behaviour: Partial<Behaviour>, seed = 1n): Promise<Told> {
  const stack = new SyntheticStack(behaviour);
  let seriesWhenPredicted = Number.NaN;
  const outcome = await calibrate(stack, PLAN, seed, {
    step: () => {},
    predicted: () => (seriesWhenPredicted = stack.series.length),
  });
  return { ...outcome, stack, seriesWhenPredicted };
}

const measuresAt = ({ points }: Outcome, load: number): string[] =>
  points.filter(({ loadPercent }) => loadPercent === load).map(({ measure }) => measure);

test("on a perfect host every prediction is within its band, with room to spare", async () => {
  const outcome = await calibrated({});
  expect(reasonOf(outcome.checks)).toBe("");
  expect(outcome.checks).toHaveLength(5);
  const latencies = ["mean response", "p50 response", "p99 response"];
  for (const load of [30, 50, 70, 80])
    expect(measuresAt(outcome, load)).toEqual([...latencies, "throughput", "utilisation"]);
  expect(measuresAt(outcome, 90)).toEqual(["throughput", "utilisation"]);
  expect(measuresAt(outcome, 130)).toEqual(["saturation"]);
  for (const { error, band } of outcome.points) expect(Math.abs(error)).toBeLessThan(0.6 * band);
});

test("where nothing is random but the arrivals, the prediction is the measurement", async () => {
  const { points } = await calibrated({ law: "constant" });
  for (const { measure, error } of points)
    // A quantile of the simulator's is one of its histogram, whose buckets are 3 % wide.
    expect(Math.abs(error)).toBeLessThan(/^p\d/u.test(measure) ? 0.03 : 0.003);
});

test("with exponential services too, whose queues are long", async () => {
  const outcome = await calibrated({ law: "exponential" });
  const mean = outcome.points.find(
    ({ loadPercent, measure }) => loadPercent === 50 && measure === "mean response",
  )!;
  // M/M/1 at half load: two services and the network.
  expect(mean.predicted).toBeGreaterThan(1.7 * 4.2);
  expect(Math.abs(mean.error)).toBeLessThan(0.15);
});

test("the fragment is the stack's own", async () => {
  const { fragment } = await calibrated({});
  expect(fragment!.servers.serviceUs).toBeCloseTo(4200, -2);
  expect(fragment!.nginx.serviceUs).toBeCloseTo(100, 0);
  expect(2 * fragment!.buyers.networkMs).toBeCloseTo(0.4 + 0.05, 1);
  expect(fragment!.redis).toEqual({ linkUs: 100, callUs: 20, itemUs: 12 });
  const { quantiles } = fragment!.servers.serviceLaw;
  expect(quantiles[0]).toBeGreaterThan(3500);
  expect(quantiles.at(-1)! / quantiles[0]).toBeCloseTo(5500 / 4000, 1);
});

test("everything is predicted before any of it is measured, and has the predicted arrivals", async () => {
  const { stack, seriesWhenPredicted, predictionsSha256, ...rest } = await calibrated({});
  expect(seriesWhenPredicted).toBe(FIT + 1);
  expect(stack.series).toHaveLength(LAST + 1);
  const different = new Set(stack.series.slice(FIT + 1, LAST).map((dueMs) => dueMs.at(-1)));
  expect(different.size).toBe(PLAN.loadPercents.length + 1);
  expect(predictionsSha256).toBe(sha256Of(rounded(rest.predictions)));
  for (const { loadPercent, measure, predicted } of rest.points)
    if (measure === "mean response")
      expect(predicted).toBe(
        rest.predictions.find((each) => each.loadPercent === loadPercent)!.measures.meanMs,
      );
});

test("the repeats come in another order with another seed, the same with the same", async () => {
  const order = async (seed: bigint): Promise<number[]> => {
    const { stack } = await calibrated({}, seed);
    // Longer series are those of lower loads.
    const lengths = stack.series.slice(FIT + 1, LAST).map((dueMs) => dueMs.at(-1)!);
    const sorted = [...new Set(lengths)].toSorted((a, b) => a - b);
    return lengths.map((length) => sorted.indexOf(length));
  };
  expect(await order(1n)).toEqual(await order(1n));
  expect(await order(1n)).not.toEqual(await order(2n));
});

test("a station that grows slower under load than it was at low load is told as such", async () => {
  const outcome = await calibrated({
    slowdown: (series) => (series > FIT && series < LAST ? 1.12 : 1),
  });
  expect(reasonOf(outcome.checks)).toBe("");
  const outside = outsideBands({ points: [...outcome.points] });
  const measures = outside.map(({ measure }) => measure);
  for (const measure of ["saturation", "utilisation", "mean response", "p99 response"])
    expect(measures).toContain(measure);
  // At half load everybody is still served in time.
  expect(
    outside.filter(({ loadPercent }) => loadPercent <= 50).map(({ measure }) => measure),
  ).not.toContain("throughput");
  // More saturation was promised than there is.
  expect(outside.find(({ measure }) => measure === "saturation")!.error).toBeCloseTo(0.12, 1);
});

const NOISES: readonly (readonly [what: string, noise: Partial<Behaviour>, reason: string])[] = [
  [
    "pings that are late from the beginning",
    { pingMs: (ping) => (ping % 50 === 0 ? 3 : 0.2) },
    "idle ping p99 before the measurements is 3 ms, above 1.0",
  ],
  [
    "pings that are late only later",
    { pingMs: (ping) => (ping >= PLAN.pings && ping % 50 === 0 ? 3 : 0.2) },
    "idle ping p99 between the measurements is 3 ms, above 1.05 ms",
  ],
  [
    "a load that is sent too late",
    { lateMs: (request) => (request % 50 === 0 ? 2 : 0.05) },
    "lateness p99 of the load, of p50 response is",
  ],
  [
    "repeats that differ",
    { slowdown: (series) => (series > FIT && series < LAST && series % 4 === 0 ? 1.2 : 1) },
    "spread of the repeats' mean response is",
  ],
  [
    "a service law that drifts",
    { slowdown: (series) => (series === LAST ? 1.05 : 1) },
    "drift of the service time at low load is 5 %, above 3 %",
  ],
];

test.each(NOISES)("%s: invalid, and no error is told", async (_, noise, reason) => {
  const { checks, points, fragment } = await calibrated(noise);
  expect(reasonOf(checks)).toContain(`the host is too noisy: ${reason}`);
  expect(checks.filter(({ passed }) => !passed)).toHaveLength(1);
  expect(points).toEqual([]);
  expect(fragment).toBeNull();
});

test("a host that fails at the beginning is not measured for minutes", async () => {
  const { stack, predictionsSha256 } = await calibrated({ pingMs: () => 9 });
  expect(stack.series).toHaveLength(1);
  expect(predictionsSha256).toBeNull();
});
