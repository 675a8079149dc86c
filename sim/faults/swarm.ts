/**
 * A swarm: the seed decides which kinds of faults a run has at all, how many of each, and when.
 *
 * Leaving half of the kinds out of each run finds more bugs than a little of everything in every
 * run: some bugs need a kind to be absent (swarm testing, Groce et al. 2012: 42 % more distinct
 * crashes). Each kind has a stream of its own, so a new kind moves no draw of the others.
 * It is not drawn all the same, but left to plans that name it: a bug that was found is kept as a
 * seed, so a seed has to keep its plan.
 *
 * Everything drawn here the design promises to survive. The bounds say how:
 * - a way from the buyers to Redis is open at every instant (`survival.ts`), and the edge router,
 *   which stands for the buyers' own provider, stays up;
 * - what stops everybody at once ends before buyers lose patience: six such episodes in a row,
 *   more than are ever drawn of a kind, last no longer than a buyer's retries;
 * - where quota is never refilled, only as many servers die as the buffer covers;
 * - Redis's clock steps back by no more than the healing phase has time for.
 * Faults excluded by name are in `vocabulary.ts`.
 */
import { Randomness } from "../kernel/random.ts";
import type { Stream } from "../kernel/random.ts";
import type { Drawn } from "../scenario/fields.ts";
import type { Scenario } from "../scenario/schema.ts";
import { deathsCovered } from "../scenario/slices.ts";
import { buildTopology } from "../world/topology.ts";
import type { Topology } from "../world/topology.ts";
import { drawTargets, inOrderOfTime } from "./draw.ts";
import { leavesAWay } from "./survival.ts";
import { targetNames } from "./targets.ts";
import { FAULT_KINDS, FAULT_TARGETS } from "./vocabulary.ts";
import type { Episode, FaultKind, FaultPlan } from "./vocabulary.ts";

const EPISODES_MAX = 3;
const SHARE_OF_KINDS = 0.5;
/** Of episodes that may last, so many last until the healing phase. */
const SHARE_UNTIL_HEALING = 0.25;
/** Most episodes begin while tickets are sold; the rest while holds run out. */
const SHARE_IN_RUSH = 0.75;
const HOUR_MS = 3_600_000;
/** The longest delay that a plan may name. */
const DAY_MS = 86_400_000;

/** Keys of the draws within a kind's stream. drawTargets has a purpose of its own: 1. */
const PURPOSE_KIND = 0;
const PURPOSE_AT = 2;
const PURPOSE_PERIOD = 3;
const PURPOSE_FOR = 4;
const PURPOSE_UNTIL_HEALING = 5;
const PURPOSE_DETAIL = 6;
const PURPOSE_SIZE = 7;

/** They came when there were seeds already that had to keep their plans. */
const LATER_KINDS: readonly FaultKind[] = ["nginx-reload", "nginx-worker-crash"];

/** What is drawn, in this order. */
export const SWARM_KINDS: readonly FaultKind[] = FAULT_KINDS.filter(
  (kind) => !LATER_KINDS.includes(kind),
);

/** The plan of a swarm seed, earliest episode first. */
export function drawSwarm(scenario: Scenario, seed: bigint): FaultPlan {
  const randomness = new Randomness(seed);
  const topology = buildTopology(scenario);
  const accepted: Episode[] = [];
  for (const kind of SWARM_KINDS) {
    const stream = randomness.stream(`swarm/${kind}`);
    for (const episode of drawKind(kind, stream, scenario, topology)) {
      if (isPromised([...accepted, episode], scenario, topology)) accepted.push(episode);
    }
  }
  return { schemaVersion: 1, episodes: inOrderOfTime(accepted) };
}

function drawKind(
  kind: FaultKind,
  stream: Stream,
  scenario: Scenario,
  topology: Topology,
): Episode[] {
  if (!stream.chance(0, SHARE_OF_KINDS, PURPOSE_KIND)) return [];
  // A kind that is on has a weight from 1 to 3, and up to that many episodes.
  const weight = stream.between(1, 1, EPISODES_MAX, PURPOSE_KIND);
  const count = stream.between(2, 0, weight, PURPOSE_KIND);
  const names = targetNames(kind, topology);
  if (names === null)
    return Array.from({ length: count }, (_, i) => drawEpisode({ kind }, i, stream, scenario));
  const isEdge = (target: number): boolean => FAULT_TARGETS[kind] === "router" && target === 0;
  return drawTargets(stream, names.length, names.length)
    .filter((target) => !isEdge(target))
    .slice(0, count)
    .map((target, i) => drawEpisode({ kind, target }, i, stream, scenario));
}

function drawEpisode(
  hit: Pick<Episode, "kind" | "target">,
  id: number,
  stream: Stream,
  scenario: Scenario,
): Episode {
  const begin = { ...hit, atMs: drawStart(id, stream, scenario) };
  const limits = limitsOf(scenario);
  const some = (least: number, most: number): number =>
    Math.round((least + stream.uniform(id, PURPOSE_SIZE) * (most - least)) * 1000) / 1000;
  const oneOf = <T>(choices: readonly T[]): T =>
    choices[stream.integer(id, choices.length, PURPOSE_DETAIL)];
  /** Ends by itself, at the latest after `longestMs`. */
  const passing = (longestMs: number): { forMs: number } => ({
    forMs: Math.max(1, Math.round(stream.uniform(id, PURPOSE_FOR) * longestMs)),
  });
  const lasting = (): { forMs?: number } =>
    stream.chance(id, SHARE_UNTIL_HEALING, PURPOSE_UNTIL_HEALING) ? {} : passing(limits.longMs);

  switch (hit.kind) {
    case "server-crash":
      return { ...begin, ...lasting(), moment: oneOf(["any", "after-call"]) };
    case "worker-crash":
      return { ...begin, ...lasting(), moment: oneOf(["any", "after-commit"]) };
    case "server-slow":
      return { ...begin, ...lasting(), factor: some(2, 50) };
    case "server-counter-cut":
      return { ...begin, ...lasting(), direction: oneOf(["requests", "replies", "both"]) };
    case "link-cut":
      return { ...begin, ...lasting(), silent: oneOf([true, false]) };
    case "link-cost":
      return { ...begin, ...lasting(), cost: Math.round(some(1, 1000)) };
    case "redis-stall":
    case "redis-restart":
      return { ...begin, ...passing(limits.outageMs) };
    case "database-stall":
      return { ...begin, ...passing(limits.longMs) };
    case "redis-replies-lost":
    case "redis-requests-lost":
      return { ...begin, ...passing(limits.longMs), share: some(0.01, 0.3) };
    case "redis-duplicates":
    case "payment-duplicates":
      return { ...begin, ...lasting(), share: some(0.05, 1) };
    case "buyer-replies-lost":
      return { ...begin, ...passing(limits.longMs), share: some(0.05, 0.5) };
    case "redis-delay":
      // Short of a timeout for long, or past it for short.
      return oneOf([true, false])
        ? { ...begin, ...passing(limits.longMs), delayMs: some(0.1, limits.callTimeoutMs * 0.4) }
        : { ...begin, ...passing(limits.outageMs), delayMs: some(1, limits.callTimeoutMs * 5) };
    case "redis-clock-jump":
      return {
        ...begin,
        delayMs: Math.round(
          oneOf([
            some(1, HOUR_MS),
            some(1, Math.min(DAY_MS, scenario.sale.holdMs)),
            -some(1, Math.min(DAY_MS, limits.stepBackMs)),
          ]),
        ),
      };
    case "payment-delay":
      return {
        ...begin,
        ...lasting(),
        delayMs: Math.round(some(1, Math.min(DAY_MS, 2 * scenario.sale.holdMs))),
      };
    default:
      return { ...begin, ...lasting() };
  }
}

function drawStart(id: number, stream: Stream, { buyers, sale }: Scenario): number {
  const rushMs = (buyers.count / buyers.ratePerSecond) * 1000;
  const inRush = stream.chance(id, SHARE_IN_RUSH, PURPOSE_PERIOD);
  const least = inRush ? 0 : rushMs;
  const span = inRush ? rushMs : sale.holdMs + sale.graceMs;
  return Math.round((least + stream.uniform(id, PURPOSE_AT) * span) * 1000) / 1000;
}

interface Limits {
  /** Of an episode that leaves some way open. */
  readonly longMs: number;
  /** Of an episode that stops everybody. */
  readonly outageMs: number;
  readonly stepBackMs: number;
  readonly callTimeoutMs: number;
}

function limitsOf({ buyers, sale, rules, healing }: Scenario): Limits {
  const patienceMs = buyers.retries * leastOf(buyers.retryAfterMs);
  return {
    longMs: Math.max(20_000, sale.holdMs),
    outageMs: Math.min(patienceMs, 60_000) / (2 * EPISODES_MAX),
    stepBackMs: Math.min(sale.holdMs, healing.boundMs / (4 * EPISODES_MAX)),
    callTimeoutMs: rules.callTimeoutMs,
  };
}

function leastOf(range: Drawn): number {
  return typeof range === "number" ? range : range.least;
}

/** Whether the design promises to survive all of them together. */
function isPromised(episodes: readonly Episode[], scenario: Scenario, topology: Topology): boolean {
  if (!leavesAWay(episodes, scenario, topology)) return false;
  return scenario.quota.refill === "on-demand" || isCoveredByBuffer(episodes, scenario);
}

/**
 * Without refill every slot that is lost with its server, spent on a ticket that comes back, or
 * merely out of reach is missing at the end. The buffer answers for dead servers, and only those.
 */
function isCoveredByBuffer(episodes: readonly Episode[], scenario: Scenario): boolean {
  const dead = new Set(episodes.map(({ target }) => target)).size;
  return episodes.every(({ kind }) => kind === "server-crash") && dead <= deathsCovered(scenario);
}
