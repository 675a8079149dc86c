/**
 * A calibration, step by step: judge the host, fit the service laws at low load, freeze them,
 * predict, and only then measure what was predicted.
 */
import { Randomness } from "../../sim/kernel/random.ts";
import { median } from "../../sim/bench/statistics.ts";
import { arrivalsMs } from "./arrivals.ts";
import { rounded, sha256Of } from "./file.ts";
import type { HostCheck, Point, Prediction } from "./file.ts";
import { fragmentOf, scenarioOf } from "./fragment.ts";
import type { Fragment } from "./fragment.ts";
import { driftCheck, latenessCheck, pingCheck, spreadCheck } from "./host-checks.ts";
import { burstsMs, busyUsOf, fitLaws } from "./laws.ts";
import type { Series } from "./laws.ts";
import { measuresOf } from "./measures.ts";
import type { Measures, Sample } from "./measures.ts";
import type { MeasuredStack } from "./measured-stack.ts";
import type { Plan } from "./plan.ts";
import { pointsOf } from "./points.ts";
import { predict } from "./predict.ts";

/** The rest is empty if the host failed a check. */
export interface Outcome {
  readonly checks: readonly HostCheck[];
  readonly fragment: Fragment | null;
  readonly predictions: readonly Prediction[];
  readonly predictionsSha256: string | null;
  readonly points: readonly Point[];
}

const NOTHING = { fragment: null, predictions: [], predictionsSha256: null, points: [] };

export interface Observer {
  /** What is being done now. */
  readonly step: (text: string) => void;
  /** The predictions, before anything that they are about is measured. */
  readonly predicted: (predictions: readonly Prediction[], sha256: string) => void;
}

/** A predicted load, its arrivals, and what its repeats gave. */
interface Trial {
  readonly prediction: Prediction;
  readonly dueMs: readonly number[];
  readonly samples: Sample[];
  readonly measured: Measures[];
}

const US_PER_SECOND = 1e6;
/** Between two requests of the probe, beyond the spin. */
const PROBE_GAP_MS = 1;

/** Takes as long as the plan's requests at its loads; what it throws, the stack has thrown. */
export async function calibrate(
  stack: MeasuredStack,
  plan: Plan,
  seed: bigint,
  { step, predicted }: Observer,
): Promise<Outcome> {
  step("trying the stack");
  const probe = await observe(stack, probeMs(plan));
  step("judging the host");
  const idlePingsMs = await stack.pings(plan.pings);
  const before = pingCheck("before", idlePingsMs, busyUsOf(probe));
  // Whatever would be measured now would not count.
  if (!before.passed) return { checks: [before], ...NOTHING };

  step(`fitting the service laws at ${plan.lowLoadPercent} % load`);
  const lowMs = burstsMs(plan.requests, busyUsOf(probe), plan.lowLoadPercent);
  const first = await observe(stack, lowMs);
  const redis = await stack.redisCost();
  const pingMs = median(idlePingsMs);
  const laws = fitLaws(first, redis, pingMs);
  const fragment = fragmentOf(laws);

  step("predicting");
  const trials = trialsOf(plan, fragment, seed);
  const predictions = trials.map(({ prediction }) => prediction);
  const predictionsSha256 = sha256Of(predictions);
  predicted(predictions, predictionsSha256);

  const pingsMs = await measure(stack, plan, seed, trials, step);
  step("looking whether the service law has drifted");
  const last = await observe(stack, lowMs);

  const repeats = trials.map(({ prediction: { loadPercent }, samples }) => ({
    loadPercent,
    samples,
  }));
  const low = { loadPercent: plan.lowLoadPercent, samples: [first.sample, last.sample] };
  const checks = [
    before,
    pingCheck("between", pingsMs, laws.serverUs),
    latenessCheck([low, ...repeats]),
    spreadCheck(repeats),
    driftCheck(laws, fitLaws(last, redis, pingMs)),
  ];
  if (checks.some(({ passed }) => !passed)) return { checks, ...NOTHING };
  const points = trials.flatMap(({ prediction, measured }) => pointsOf(prediction, measured));
  return { checks, fragment, predictions, predictionsSha256, points };
}

/** Every load and the overload, simulated with the frozen laws. */
function trialsOf(plan: Plan, fragment: Fragment, seed: bigint): Trial[] {
  const { loadPercents, overloadPercent, requests } = plan;
  return [...loadPercents, overloadPercent].map((loadPercent) => {
    const ratePerSecond = rateOf(fragment.servers.serviceUs, loadPercent);
    const scenario = scenarioOf(fragment, requests, ratePerSecond);
    return {
      prediction: {
        loadPercent,
        isOverload: loadPercent === overloadPercent,
        measures: rounded(predict(scenario, seed)),
      },
      dueMs: arrivalsMs(requests, ratePerSecond, seed),
      samples: [],
      measured: [],
    };
  });
}

/**
 * All repeats of all trials in random order, so that a host whose mood changes does not favour one
 * load. Gives back the round trips of the idle pings between them.
 */
async function measure(
  stack: MeasuredStack,
  { repeats, pings }: Plan,
  seed: bigint,
  trials: readonly Trial[],
  step: Observer["step"],
): Promise<number[]> {
  const order = new Randomness(seed).stream("calibration/order");
  const turns = Array.from({ length: repeats }, () => trials)
    .flat()
    .map((trial, i) => ({ trial, key: order.uniform(i) }))
    .toSorted((a, b) => a.key - b.key);
  const pingsMs: number[] = [];
  for (const [i, { trial }] of turns.entries()) {
    step(`measuring ${trial.prediction.loadPercent} % load, ${i + 1} of ${turns.length}`);
    pingsMs.push(...(await stack.pings(Math.ceil(pings / turns.length))));
    const { sample, use } = await observe(stack, trial.dueMs);
    trial.samples.push(sample);
    trial.measured.push(measuresOf(sample, use.serverBusyUs));
  }
  return pingsMs;
}

/** Sends the requests, and says what they used. */
async function observe(stack: MeasuredStack, dueMs: readonly number[]): Promise<Series> {
  const before = await stack.use();
  const sample = await stack.send(dueMs);
  const after = await stack.use();
  return {
    sample,
    use: {
      serverBusyUs: after.serverBusyUs - before.serverBusyUs,
      nginxUs: after.nginxUs - before.nginxUs,
    },
  };
}

function probeMs({ probeRequests, spinUs }: Plan): number[] {
  const gapMs = spinUs / 1000 + PROBE_GAP_MS;
  return Array.from({ length: probeRequests }, (_, i) => i * gapMs);
}

/** Requests a second that keep a station busy for so many per cent of the time. */
function rateOf(serviceUs: number, loadPercent: number): number {
  return ((US_PER_SECOND / serviceUs) * loadPercent) / 100;
}
