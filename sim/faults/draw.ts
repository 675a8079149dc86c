/**
 * A scenario's fault templates, made concrete by the seed: "three to five servers die between the
 * second and the tenth second" becomes a plan that names them and their moments.
 *
 * Every number has a draw of its own, keyed by template, episode and meaning, so that one more
 * template, or one more episode, moves none of the others.
 */
import { UsageError } from "../cli/usage-error.ts";
import { Randomness } from "../kernel/random.ts";
import type { Stream } from "../kernel/random.ts";
import type { Drawn } from "../scenario/fields.ts";
import type { FaultTemplate, Scenario } from "../scenario/schema.ts";
import { buildTopology } from "../world/topology.ts";
import type { Topology } from "../world/topology.ts";
import { targetNames } from "./targets.ts";
import { FAULT_TARGETS } from "./vocabulary.ts";
import type { Episode, FaultPlan } from "./vocabulary.ts";

const PURPOSE_COUNT = 0;
const PURPOSE_TARGET = 1;
const PURPOSE_AT = 2;
const PURPOSE_FOR = 3;
const PURPOSE_FACTOR = 4;
const PURPOSE_SHARE = 5;
const PURPOSE_DELAY = 6;
const PURPOSE_COST = 7;

/**
 * The plan of the scenario's own faults, earliest first. A template that asks for more targets than
 * there are gets all of them, so that a scenario still runs on fewer machines than it was written
 * for; a target it names itself must be there, or a UsageError says which are.
 */
export function drawPlan(scenario: Scenario, seed: bigint): FaultPlan {
  const randomness = new Randomness(seed);
  const topology = buildTopology(scenario);
  const episodes = scenario.faults.flatMap((template, i) =>
    drawTemplate(template, i, randomness.stream(`faults/${i}/${template.kind}`), topology),
  );
  return { schemaVersion: 1, episodes: inOrderOfTime(episodes) };
}

/** Earliest first; episodes of one instant stay in their order. */
export function inOrderOfTime(episodes: readonly Episode[]): Episode[] {
  return episodes.toSorted((a, b) => a.atMs - b.atMs);
}

/**
 * `count` of the numbers below `size`, without repetition, in drawn order. The one drawn first
 * stays first if more are asked for.
 */
export function drawTargets(stream: Stream, size: number, count: number): number[] {
  const targets = Array.from({ length: size }, (_, target) => target);
  const rank = (target: number): number => stream.bits(target, PURPOSE_TARGET);
  return targets.toSorted((a, b) => rank(a) - rank(b) || a - b).slice(0, count);
}

function drawTemplate(
  template: FaultTemplate,
  index: number,
  stream: Stream,
  topology: Topology,
): Episode[] {
  const names = targetNames(template.kind, topology);
  let count = drawWhole(template.count, stream, 0, PURPOSE_COUNT);
  let targets: readonly number[] = [];
  if (names !== null && template.target === undefined) {
    targets = drawTargets(stream, names.length, count);
    count = targets.length;
  } else if (template.target !== undefined) {
    checkTarget(template, index, names);
  }
  return Array.from({ length: count }, (_, i) =>
    drawEpisode(template, i, names === null ? undefined : (targets[i] ?? template.target), stream),
  );
}

function checkTarget(
  { kind, target }: FaultTemplate,
  index: number,
  names: readonly string[] | null,
): void {
  if (names === null) throw new UsageError(`faults.${index}.target: ${kind} takes no target`);
  if (target! >= names.length)
    throw new UsageError(
      `faults.${index}.target: there is no ${FAULT_TARGETS[kind]} ${target}: ` +
        `give 0 to ${names.length - 1}`,
    );
}

function drawEpisode(
  template: FaultTemplate,
  id: number,
  target: number | undefined,
  stream: Stream,
): Episode {
  const { kind, atMs, forMs, factor, share, delayMs, direction, moment, silent, cost } = template;
  return {
    kind,
    ...(target !== undefined && { target }),
    atMs: drawAmount(atMs, stream, id, PURPOSE_AT),
    ...(forMs !== undefined && { forMs: drawAmount(forMs, stream, id, PURPOSE_FOR) }),
    ...(factor !== undefined && { factor: drawAmount(factor, stream, id, PURPOSE_FACTOR) }),
    ...(share !== undefined && { share: drawAmount(share, stream, id, PURPOSE_SHARE) }),
    ...(delayMs !== undefined && { delayMs: drawAmount(delayMs, stream, id, PURPOSE_DELAY) }),
    ...(direction !== undefined && { direction }),
    ...(moment !== undefined && { moment }),
    ...(silent !== undefined && { silent }),
    ...(cost !== undefined && { cost: drawWhole(cost, stream, id, PURPOSE_COST) }),
  };
}

/** To the thousandth, which is a microsecond of a millisecond: finer digits tell a reader nothing. */
function drawAmount(range: Drawn, stream: Stream, id: number, purpose: number): number {
  if (typeof range === "number") return range;
  const value = range.least + stream.uniform(id, purpose) * (range.most - range.least);
  return Math.round(value * 1000) / 1000;
}

function drawWhole(range: Drawn, stream: Stream, id: number, purpose: number): number {
  if (typeof range === "number") return Math.round(range);
  return stream.between(id, Math.ceil(range.least), Math.floor(range.most), purpose);
}
