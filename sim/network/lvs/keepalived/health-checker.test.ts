import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Randomness } from "../../../kernel/random.ts";
import {
  HealthChecker,
  NEVER,
  TCP_CHECK,
  detectionBounds,
  recoveryBounds,
} from "./health-checker.ts";
import type { Condition, HealthCheckConfig } from "./health-checker.ts";

const SECOND_NS = 1e9;
const stream = new Randomness(1n).stream("warmup");

/** A change of the server's condition, some time after the one before. */
interface Change {
  readonly pauseNs: number;
  readonly condition: Condition;
}

const config = fc.record({
  delayLoopSeconds: fc.integer({ min: 1, max: 6 }),
  connectTimeoutSeconds: fc.integer({ min: 1, max: 9 }),
  retry: fc.nat({ max: 3 }),
  delayBeforeRetrySeconds: fc.integer({ min: 1, max: 3 }),
  alpha: fc.boolean(),
});
const pauseNs = fc.integer({ min: 1, max: 80 * SECOND_NS });
const condition = fc.constantFrom<Condition>("serving", "refused", "blackhole");
const changes = fc.array(fc.record({ pauseNs, condition }), { maxLength: 12 });

/** Plays every single check, and returns the instants at which the opinion flips. */
function playEveryCheck(
  config: HealthCheckConfig,
  firstNs: number,
  history: readonly { readonly atNs: number; readonly condition: Condition }[],
  untilNs: number,
): readonly number[] {
  const conditionAt = (ns: number) => history.findLast(({ atNs }) => atNs <= ns)!.condition;
  const flips: number[] = [];
  let up = !(config.alpha ?? false);
  let retries = 0;
  let checkNs = firstNs;
  while (checkNs <= untilNs) {
    // The SYN and its repetitions, until one meets an answer or the time is over.
    let answered: Condition = "blackhole";
    let endNs = checkNs + config.connectTimeoutSeconds * SECOND_NS;
    for (let synNs = checkNs, wait = 1; synNs < endNs; synNs += wait * SECOND_NS, wait *= 2) {
      answered = conditionAt(synNs);
      if (answered !== "blackhole") endNs = synNs;
    }
    const good = answered === "serving";
    let delaySeconds = config.delayLoopSeconds;
    if (good || retries >= config.retry) {
      retries = 0;
      if (good !== up) flips.push(endNs);
      up = good;
    } else {
      retries += 1;
      delaySeconds = config.delayBeforeRetrySeconds;
    }
    checkNs = endNs + delaySeconds * SECOND_NS;
  }
  return flips.filter((flipNs) => flipNs <= untilNs);
}

/** The same through the model: one event per flip. */
function playFlips(
  checker: HealthChecker,
  history: readonly { readonly atNs: number; readonly condition: Condition }[],
  untilNs: number,
): readonly number[] {
  const flips: number[] = [];
  let nextNs = checker.nextFlipNs();
  const ends = [...history.slice(1), { atNs: untilNs, condition: null }];
  for (const { atNs, condition } of ends) {
    while (nextNs <= atNs) {
      const before = checker.isUp(nextNs - 1);
      expect(checker.isUp(nextNs)).toBe(!before);
      flips.push(nextNs);
      nextNs = checker.nextFlipNs();
    }
    if (condition === "serving") nextNs = checker.serverRecovered(atNs);
    else if (condition !== null) nextNs = checker.serverFailed(atNs, condition);
  }
  return flips;
}

function firstCheckNs(config: HealthCheckConfig): number {
  return SECOND_NS + Math.round(stream.uniform(1) * config.delayLoopSeconds * SECOND_NS);
}

function historyOf(list: readonly Change[]) {
  let atNs = 0;
  const history = list.map(({ pauseNs, condition }) => ({ atNs: (atNs += pauseNs), condition }));
  return [{ atNs: -Infinity, condition: "serving" as Condition }, ...history];
}

test("agrees with a simulation of every single check", () => {
  fc.assert(
    fc.property(config, changes, (config, list) => {
      const history = historyOf(list);
      // Checks and SYNs keep whole seconds apart; whether one that coincides with a change to the
      // nanosecond meets the old or the new condition is not worth defining.
      const firstNs = firstCheckNs(config);
      fc.pre(history.every(({ atNs }) => (atNs - firstNs) % SECOND_NS !== 0));
      const untilNs = Math.max(0, history.at(-1)!.atNs) + 200 * SECOND_NS;
      const checker = new HealthChecker(config, 0, stream, 1);
      expect(playFlips(checker, history, untilNs)).toEqual(
        playEveryCheck(config, firstNs, history, untilNs),
      );
    }),
    { numRuns: 500 },
  );
});

test("detection and recovery lie within their bounds", () => {
  const failure = fc.constantFrom("refused" as const, "blackhole" as const);
  fc.assert(
    fc.property(config, failure, pauseNs, pauseNs, (drawn, how, upNs, downNs) => {
      const config = { ...drawn, alpha: false };
      const checker = new HealthChecker(config, 0, stream, 1);
      // Past the warm-up, so that checks are running.
      const failedNs = 10 * SECOND_NS + upNs;
      const goneNs = checker.serverFailed(failedNs, how);
      const detection = detectionBounds(config, how);
      expect(goneNs - failedNs).toBeGreaterThan(detection.lowSeconds * SECOND_NS);
      expect(goneNs - failedNs).toBeLessThanOrEqual(detection.highSeconds * SECOND_NS);
      const recoveredNs = goneNs + downNs;
      const recovery = recoveryBounds(config, how);
      const delayNs = checker.serverRecovered(recoveredNs) - recoveredNs;
      // At the very instant of a check it is back without delay.
      expect(delayNs).toBeGreaterThanOrEqual(recovery.lowSeconds * SECOND_NS);
      expect(delayNs).toBeLessThanOrEqual(recovery.highSeconds * SECOND_NS);
    }),
  );
});

test("a failure shorter than the retries goes unnoticed", () => {
  const checker = new HealthChecker({ ...TCP_CHECK, delayLoopSeconds: 2 }, 0, stream, 1);
  const failedNs = 100 * SECOND_NS;
  const downNs = checker.serverFailed(failedNs, "refused");
  expect(downNs).toBeLessThanOrEqual(failedNs + 3 * SECOND_NS);
  expect(checker.serverRecovered(downNs - 1)).toBe(NEVER);
  expect(checker.isUp(downNs + 100 * SECOND_NS)).toBe(true);
});

test("with alpha a server is up from its first good check", () => {
  const checker = new HealthChecker({ ...TCP_CHECK, alpha: true }, 0, stream, 1);
  expect(checker.isUp(0)).toBe(false);
  const firstNs = checker.nextFlipNs();
  expect(firstNs).toBe(firstCheckNs(TCP_CHECK));
  expect(checker.isUp(firstNs)).toBe(true);
});

test("a long time is skipped, not played: 3.6 billion checks here", () => {
  const checker = new HealthChecker({ ...TCP_CHECK, delayLoopSeconds: 1e-6 }, 0, stream, 1);
  expect(checker.isUp(3600 * SECOND_NS)).toBe(true);
});
