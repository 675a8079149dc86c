/**
 * The whole simulator on small sales with faults: every layer, and every invariant at every step.
 * Scenario and fault plan are drawn as plain data that fast-check shrinks to few buyers and the one
 * fault that matters.
 */
import * as fc from "fast-check";
import * as v from "valibot";
import type { Strategy } from "../../core/strategy.ts";
import { inOrderOfTime } from "../../sim/faults/draw.ts";
import { story } from "../../sim/faults/story.ts";
import { leavesAWay } from "../../sim/faults/survival.ts";
import { targetNames } from "../../sim/faults/targets.ts";
import type { Episode, FaultKind } from "../../sim/faults/vocabulary.ts";
import type { RunConfig, SimulationResult } from "../../sim/result.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { ScenarioSchema } from "../../sim/scenario/schema.ts";
import { runToEnd } from "../../sim/sweep/run-seed.ts";
import { buildTopology } from "../../sim/world/topology.ts";
import type { Breach, Property } from "./property.ts";

/** A fault whose time is a share of the sale's rush, so that it stays in it when the sale shrinks. */
interface SmallFault {
  readonly kind: FaultKind;
  /** Modulo how many there are. */
  readonly target: number;
  readonly atPermille: number;
  readonly forMs: number;
  /** How much of it, where the kind has a measure. */
  readonly sizePermille: number;
}

export interface SmallSale {
  readonly seed: number;
  readonly tickets: number;
  readonly buyers: number;
  readonly servers: number;
  readonly sites: number;
  readonly maxPerBuyer: number;
  readonly latePayment: "lazy" | "strict" | "revive";
  readonly habits: readonly Habit[];
  readonly faults: readonly SmallFault[];
}

/** What half of the buyers do. */
const HABITS = ["noShow", "payLate", "payTwice", "cancel", "cancelPaid", "doubleClick"] as const;
type Habit = (typeof HABITS)[number];

/** A way from the buyers to Redis stays open; what stops everybody ends before they lose patience. */
const OUTAGE_MS_MAX = 500;
const FAULT_MS_MAX = 5000;
const RATE_PER_SECOND = 500;

const FAULTS: readonly FaultKind[] = [
  "server-crash",
  "server-pause",
  "server-slow",
  "server-counter-cut",
  "server-front-cut",
  "nginx-crash",
  "redis-stall",
  "redis-restart",
  "redis-replies-lost",
  "redis-requests-lost",
  "redis-duplicates",
  "redis-delay",
  "worker-crash",
  "database-stall",
  "buyer-replies-lost",
  "payment-delay",
  "payment-duplicates",
];

const arbitrary: fc.Arbitrary<SmallSale> = fc.record({
  seed: fc.nat(),
  tickets: fc.integer({ min: 1, max: 40 }),
  buyers: fc.integer({ min: 1, max: 300 }),
  servers: fc.integer({ min: 1, max: 5 }),
  sites: fc.integer({ min: 1, max: 2 }),
  maxPerBuyer: fc.constantFrom(0, 1, 2),
  latePayment: fc.constantFrom("lazy" as const, "strict" as const, "revive" as const),
  habits: fc.uniqueArray(fc.constantFrom(...HABITS), { maxLength: HABITS.length }),
  faults: fc.array(
    fc.record({
      kind: fc.constantFrom(...FAULTS),
      target: fc.nat(9),
      atPermille: fc.nat(1500),
      forMs: fc.integer({ min: 1, max: FAULT_MS_MAX }),
      sizePermille: fc.integer({ min: 1, max: 300 }),
    }),
    { maxLength: 5 },
  ),
});

export function scenarioOf(sale: SmallSale): Scenario {
  const { tickets, buyers, servers, sites, maxPerBuyer, latePayment, habits } = sale;
  return v.parse(ScenarioSchema, {
    name: "property",
    sites: ["east", "west"].slice(0, sites),
    sale: { tickets, holdMs: 3000, graceMs: 500, maxPerBuyer, latePayment },
    buyers: {
      count: buyers,
      ratePerSecond: RATE_PER_SECOND,
      ...Object.fromEntries(HABITS.map((habit) => [habit, habits.includes(habit) ? 0.5 : 0])),
      changeQuantity: habits.includes("doubleClick") ? 0.5 : 0,
      quantities: [3, 1],
      payAfterMs: { least: 50, most: 2500 },
      timeoutMs: 2000,
      returning: { share: 0.5, afterMs: { least: 1000, most: 3000 }, patienceMs: 9000 },
    },
    servers: { count: Math.max(servers, sites), buffer: 2 },
    rules: { pollMs: 50, callTimeoutMs: 150, settleMs: 200, batchMax: 4 },
    orders: { pollMs: 100, claimIdleMs: 1000, sweepMs: 200, sweepLimit: 2 },
    lvs: { directorsPerSite: 1 },
    nginx: { perSite: 2 },
    payments: { redeliverMs: 300 },
  });
}

/** The faults that the design promises to survive together, in the order in which they are drawn. */
function episodesOf(sale: SmallSale, scenario: Scenario): Episode[] {
  const topology = buildTopology(scenario);
  const accepted: Episode[] = [];
  for (const fault of sale.faults) {
    const names = targetNames(fault.kind, topology);
    const target = names === null ? {} : { target: fault.target % names.length };
    const rushMs = (sale.buyers / RATE_PER_SECOND) * 1000;
    const begin = { kind: fault.kind, ...target, atMs: (rushMs * fault.atPermille) / 1000 };
    const episode: Episode = { ...begin, forMs: fault.forMs, ...detailsOf(fault) };
    if (leavesAWay([...accepted, episode], scenario, topology)) accepted.push(episode);
  }
  return inOrderOfTime(accepted);
}

function detailsOf({ kind, forMs, sizePermille }: SmallFault): Partial<Episode> {
  const share = sizePermille / 1000;
  switch (kind) {
    case "server-slow":
      return { factor: 1 + sizePermille / 10 };
    case "server-counter-cut":
      return { direction: (["requests", "replies", "both"] as const)[sizePermille % 3] };
    case "server-crash":
      return { moment: sizePermille % 2 === 0 ? "any" : "after-call" };
    case "worker-crash":
      return { moment: sizePermille % 2 === 0 ? "any" : "after-commit" };
    case "redis-stall":
    case "redis-restart":
      return { forMs: Math.min(forMs, OUTAGE_MS_MAX) };
    case "redis-delay":
    case "payment-delay":
      return { delayMs: sizePermille, forMs: Math.min(forMs, OUTAGE_MS_MAX) };
    case "redis-replies-lost":
    case "redis-requests-lost":
    case "redis-duplicates":
    case "buyer-replies-lost":
    case "payment-duplicates":
      return { share };
    default:
      return {};
  }
}

export function runConfigOf(sale: SmallSale, { name }: Strategy): RunConfig {
  const scenario = scenarioOf(sale);
  const plan = { schemaVersion: 1 as const, episodes: episodesOf(sale, scenario) };
  return { seed: BigInt(sale.seed), scenario, strategy: name, plan };
}

function play(sale: SmallSale, strategy: Strategy): Breach | null {
  return breachIn(runToEnd(runConfigOf(sale, strategy), strategy));
}

function breachIn({ invariants, pending, verdict }: SimulationResult): Breach | null {
  if (verdict === "passed") return null;
  const [first] = invariants
    .filter(({ ok }) => !ok)
    .toSorted((a, b) => (a.atMs ?? Infinity) - (b.atMs ?? Infinity));
  return first === undefined
    ? { broken: "progress", detail: pending.join("; "), steps: null }
    : { broken: first.name, detail: first.detail, steps: null };
}

export const sales: Property<SmallSale> = {
  name: "sales",
  promise: "a small sale through all layers, under faults, keeps every invariant and comes to rest",
  cases: 40,
  arbitrary,
  lists: ["faults", "habits"],
  appliesTo: () => true,
  play,
  story: (sale, _breach, strategy) => {
    const config = runConfigOf(sale, strategy);
    return story(config, runToEnd(config, strategy));
  },
};
