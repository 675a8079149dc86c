/**
 * A small sale for real parts, and a fault plan for it, both drawn from the seed.
 *
 * The sale is the simulator's `small` one of that seed, with times that fit into some seconds and a
 * number of processes that fit on one machine. The faults are the real kinds only. As in the
 * simulator's swarm half of the kinds are left out of each plan, because some bugs need one to be
 * absent, and every kind has a stream of its own.
 */
import { inOrderOfTime, drawTargets } from "../../sim/faults/draw.ts";
import { fixedDuration } from "../../sim/faults/plan.ts";
import { leavesAWay } from "../../sim/faults/survival.ts";
import { targetNames } from "../../sim/faults/targets.ts";
import type { Episode, FaultPlan } from "../../sim/faults/vocabulary.ts";
import { Randomness } from "../../sim/kernel/random.ts";
import type { Stream } from "../../sim/kernel/random.ts";
import type { RunConfig } from "../../sim/result.ts";
import { checkScenario } from "../../sim/scenario/load.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { drawSmallScenario } from "../../sim/scenario/small.ts";
import { buildTopology } from "../../sim/world/topology.ts";
import { REAL_FAULT_KINDS } from "../nemesis/real-faults.ts";
import type { RealFaultKind } from "../nemesis/real-faults.ts";

const EPISODES_MAX = 2;
const SHARE_OF_KINDS = 0.5;
const SHARE_UNTIL_HEALING = 0.25;
const SHARE_IN_RUSH = 0.75;
/** What leaves some way open lasts at most this long, what stops everybody at most that. */
const LONG_MS = 1500;
const OUTAGE_MS = 500;

const PURPOSE_KIND = 0;
const PURPOSE_AT = 2;
const PURPOSE_PERIOD = 3;
const PURPOSE_FOR = 4;
const PURPOSE_UNTIL_HEALING = 5;
const PURPOSE_DETAIL = 6;
const PURPOSE_SIZE = 7;

/** Everything that decides the soak's run of this seed. */
export function drawSoakRun(seed: bigint, strategy: string): RunConfig {
  const scenario = drawScenario(seed);
  return { seed, scenario, strategy, plan: drawRealPlan(scenario, seed) };
}

function drawScenario(seed: bigint): Scenario {
  const small = drawSmallScenario(seed);
  const randomness = new Randomness(seed);
  const whole = (name: string, least: number, most: number): number =>
    randomness.stream(`soak/${name}`).between(0, least, most);
  const holdMs = whole("sale.holdMs", 1500, 3000);
  const count = Math.min(small.servers.count, 4);
  const { weights, ...servers } = small.servers;
  return checkScenario(
    {
      ...small,
      name: `soak-${seed}`,
      description: "a small sale for real parts, drawn from the seed",
      // Slices that are never refilled are promised nothing once a ticket comes back unpaid.
      quota: { refill: "on-demand" },
      sale: { ...small.sale, holdMs, graceMs: Math.min(small.sale.graceMs, 500) },
      buyers: {
        ...small.buyers,
        count: Math.min(small.buyers.count, 600),
        ratePerSecond: whole("buyers.ratePerSecond", 200, 600),
        payAfterMs: { least: 50, most: Math.round(holdMs * 0.5) },
        timeoutMs: whole("buyers.timeoutMs", 1000, 3000),
        retryAfterMs: { least: 200, most: 600 },
        returning: {
          ...small.buyers.returning,
          afterMs: { least: Math.round(holdMs / 4), most: holdMs },
          patienceMs: 2 * holdMs,
        },
      },
      servers: {
        ...servers,
        count,
        ...(weights !== undefined && { weights: weights.slice(0, count) }),
      },
      rules: {
        ...small.rules,
        pollMs: whole("rules.pollMs", 50, 200),
        callTimeoutMs: whole("rules.callTimeoutMs", 300, 600),
      },
      orders: {
        ...small.orders,
        workers: Math.min(small.orders.workers, 2),
        claimIdleMs: whole("orders.claimIdleMs", 800, 1500),
        sweepMs: whole("orders.sweepMs", 100, 500),
        sweepLimit: 100,
      },
      nginx: {
        ...small.nginx,
        perSite: Math.min(small.nginx.perSite, 2),
        fail_timeout: 1,
        proxyReadTimeoutMs: 2000,
      },
      healing: { boundMs: 30_000 },
    },
    "",
  );
}

/** A plan of real faults for this scenario, earliest first. A way to buy stays open throughout. */
export function drawRealPlan(scenario: Scenario, seed: bigint): FaultPlan {
  const randomness = new Randomness(seed);
  const topology = buildTopology(scenario);
  const accepted: Episode[] = [];
  for (const kind of REAL_FAULT_KINDS) {
    const stream = randomness.stream(`soak/${kind}`);
    if (!stream.chance(0, SHARE_OF_KINDS, PURPOSE_KIND)) continue;
    const count = stream.between(1, 1, EPISODES_MAX, PURPOSE_KIND);
    const names = targetNames(kind, topology);
    const targets = names === null ? [] : drawTargets(stream, names.length, count);
    const hits =
      names === null
        ? Array.from({ length: count }, () => ({ kind }))
        : targets.map((target) => ({ kind, target }));
    hits.forEach((hit, id) => {
      const episode = drawEpisode(hit, id, stream, scenario);
      if (leavesAWay([...accepted, episode], scenario, topology)) accepted.push(episode);
    });
  }
  return { schemaVersion: 1, episodes: inOrderOfTime(accepted) };
}

function drawEpisode(
  hit: { readonly kind: RealFaultKind; readonly target?: number },
  id: number,
  stream: Stream,
  scenario: Scenario,
): Episode {
  const begin = { ...hit, atMs: drawStart(id, stream, scenario) };
  const some = (least: number, most: number): number =>
    Math.round((least + stream.uniform(id, PURPOSE_SIZE) * (most - least)) * 1000) / 1000;
  const oneOf = <T>(choices: readonly T[]): T =>
    choices[stream.integer(id, choices.length, PURPOSE_DETAIL)];
  const passing = (longestMs: number): { forMs: number } => ({
    forMs: Math.max(20, Math.round(stream.uniform(id, PURPOSE_FOR) * longestMs)),
  });
  const lasting = (): { forMs?: number } =>
    stream.chance(id, SHARE_UNTIL_HEALING, PURPOSE_UNTIL_HEALING) ? {} : passing(LONG_MS);
  switch (hit.kind) {
    case "server-crash":
      return { ...begin, ...lasting(), moment: oneOf(["any", "after-call"]) };
    case "worker-crash":
      return { ...begin, ...lasting(), moment: oneOf(["any", "after-commit"]) };
    case "server-slow":
      return { ...begin, ...lasting(), factor: some(2, 20) };
    case "server-counter-cut":
      return { ...begin, ...lasting(), direction: oneOf(["requests", "replies", "both"]) };
    case "redis-stall":
    case "redis-restart":
      return { ...begin, ...passing(OUTAGE_MS) };
    case "database-stall":
      return { ...begin, ...passing(LONG_MS) };
    case "redis-replies-lost":
    case "redis-requests-lost":
      return { ...begin, ...passing(LONG_MS), share: some(0.01, 0.3) };
    case "redis-duplicates":
    case "payment-duplicates":
      return { ...begin, ...lasting(), share: some(0.05, 1) };
    case "redis-delay":
      return { ...begin, ...passing(LONG_MS), delayMs: some(1, 100) };
    case "buyer-replies-lost":
      return { ...begin, ...passing(LONG_MS), share: some(0.05, 0.5) };
    case "payment-delay":
      return { ...begin, ...lasting(), delayMs: Math.round(some(1, 2 * scenario.sale.holdMs)) };
    default:
      return fixedDuration(hit.kind) === null ? { ...begin, ...lasting() } : begin;
  }
}

function drawStart(id: number, stream: Stream, { buyers, sale }: Scenario): number {
  const rushMs = (buyers.count / buyers.ratePerSecond) * 1000;
  const inRush = stream.chance(id, SHARE_IN_RUSH, PURPOSE_PERIOD);
  const [least, span] = inRush ? [0, rushMs] : [rushMs, sale.holdMs];
  return Math.round(least + stream.uniform(id, PURPOSE_AT) * span);
}
