/** What every part of the simulated world shares: the clock, the dice, the plan and the books. */
import type { Judge } from "../../core/invariants/judge.ts";
import type { Strategy } from "../../core/strategy.ts";
import { EventQueue } from "../kernel/event-queue.ts";
import { Randomness } from "../kernel/random.ts";
import type { Trace } from "../kernel/trace.ts";
import type { FaultPlan } from "../faults/vocabulary.ts";
import type { Scenario } from "../scenario/schema.ts";
import { ORDERLY_KINDS } from "./events.ts";
import type { FalseSoldOuts } from "./false-sold-outs.ts";
import type { Topology } from "./topology.ts";

export const NS_PER_US = 1000;
export const NS_PER_MS = 1_000_000;
export const NS_PER_SECOND = 1_000_000_000;

/** Wall clock of all machines at virtual time 0: any fixed moment would do. */
export const WALL_CLOCK_START_MS = 1_767_225_600_000;

export class World {
  readonly queue = new EventQueue(ORDERLY_KINDS);
  readonly random: Randomness;
  readonly scenario: Scenario;
  readonly topology: Topology;
  readonly strategy: Strategy;
  readonly plan: FaultPlan;
  readonly judge: Judge;
  readonly trace: Trace;
  /** Null unless somebody wants to know. */
  falseSoldOuts: FalseSoldOuts | null = null;
  /** Virtual time in integer nanoseconds. */
  nowNs = 0;

  constructor(parts: {
    readonly seed: bigint;
    readonly scenario: Scenario;
    readonly topology: Topology;
    readonly strategy: Strategy;
    readonly plan: FaultPlan;
    readonly judge: Judge;
    readonly trace: Trace;
  }) {
    this.random = new Randomness(parts.seed);
    this.scenario = parts.scenario;
    this.topology = parts.topology;
    this.strategy = parts.strategy;
    this.plan = parts.plan;
    this.judge = parts.judge;
    this.trace = parts.trace;
  }

  get nowMs(): number {
    return this.nowNs / NS_PER_MS;
  }

  /** Schedules a kernel event `delayNs` from now. */
  after(delayNs: number, kind: number, slot: number, argument: number): void {
    this.queue.push(this.nowNs + Math.round(delayNs), kind, slot, argument);
  }
}
