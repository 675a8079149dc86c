/**
 * The simulation of one sale: it builds the world, lets events happen in order of virtual time,
 * and says in the end what the judge found.
 *
 * ```ts
 * const simulation = new Simulation({ seed: 12306n, scenario, strategy: "pre-deduct", plan }, preDeduct);
 * while (!simulation.advance(100_000));
 * console.log(simulation.result().verdict);
 * ```
 *
 * The same configuration gives the same trace hash, in any process and on any version of Node.
 */
import { Judge } from "../core/invariants/judge.ts";
import type { Strategy } from "../core/strategy.ts";
import { Trace } from "./kernel/trace.ts";
import type { TraceListener } from "./kernel/trace.ts";
import type { RunConfig, SimulationResult } from "./result.ts";
import { summarise } from "./summary.ts";
import { Course } from "./world/course.ts";
import { EventHandlers } from "./world/event-handlers.ts";
import { OPEN } from "./world/events.ts";
import { FalseSoldOuts } from "./world/false-sold-outs.ts";
import { latenciesOf, readGauges } from "./world/gauges.ts";
import type { Gauges, Latencies } from "./world/gauges.ts";
import { guardedStrategy, StrategyFailure } from "./world/guarded-strategy.ts";
import { Machines } from "./world/machines.ts";
import { buildTopology } from "./world/topology.ts";
import type { TrafficSample } from "./world/traffic.ts";
import { World } from "./world/world.ts";

export interface Progress {
  readonly phase: "sale" | "healing" | "probing";
  readonly buyersArrived: number;
  readonly virtualMs: number;
  readonly ticketsTaken: number;
}

/** Kernel events that every run repeats to check its determinism: some hundredths of a second. */
const PREFIX_EVENTS = 20_000;

/** Ten thousand servers that start at once make a tenth of this. */
const INSTANT_EVENTS_MAX = 1_000_000;

export class Simulation {
  readonly #config: RunConfig;
  readonly #world: World;
  readonly #machines: Machines;
  readonly #course: Course;
  readonly #handlers: EventHandlers;
  #kernelEvents = 0;
  #prefixHash: string | null = null;
  #eventsOfInstant = 0;

  constructor(config: RunConfig, strategy: Strategy, listener: TraceListener | null = null) {
    const { scenario, plan, seed } = config;
    const { sale, rules } = scenario;
    this.#config = config;
    const judge = new Judge({
      tickets: sale.tickets,
      // Under `strict` a payment must have arrived by the deadline itself.
      graceMs: sale.latePayment === "strict" ? 0 : sale.graceMs,
      refillBoundMs: rules.pollMs + rules.callTimeoutMs,
      replyBoundMs: rules.callTimeoutMs,
      authority: strategy.authority,
    });
    this.#world = new World({
      seed,
      scenario,
      topology: buildTopology(scenario),
      strategy: guardedStrategy(strategy),
      plan,
      judge,
      trace: new Trace(listener),
    });
    // First of all events: a fault at time 0 meets machines that are up.
    this.#world.queue.push(0, OPEN, 0, 0);
    this.#machines = new Machines(this.#world);
    this.#course = new Course(this.#machines);
    this.#handlers = new EventHandlers(this.#machines, this.#course);
  }

  /** Handles up to `eventsMax` kernel events; true when the run is over. */
  advance(eventsMax: number): boolean {
    const course = this.#course;
    try {
      for (let i = 0; i < eventsMax && !course.done; i += 1) {
        this.#kernelEvents += 1;
        this.#next();
        if (this.#kernelEvents === PREFIX_EVENTS) this.#prefixHash = this.#world.trace.hash();
      }
    } catch (error) {
      this.#fail(error);
    }
    return course.done;
  }

  /** Trace hash of the first kernel events, or of all if there were fewer: cheap to check again. */
  prefix(): { readonly events: number; readonly traceHash: string } {
    return {
      events: Math.min(this.#kernelEvents, PREFIX_EVENTS),
      traceHash: this.#prefixHash ?? this.#world.trace.hash(),
    };
  }

  /** One event: the next arrival, which is streamed and never queued, or the head of the queue. */
  #next(): void {
    const world = this.#world;
    const { queue } = world;
    const { buyers } = this.#machines;
    const arrivalNs = buyers.nextArrivalNs;
    if (queue.popBefore(arrivalNs)) {
      this.#countInstant(queue.time);
      world.nowNs = queue.time;
      this.#handlers.handle(queue.kind, queue.slot, queue.argument);
    } else if (arrivalNs === Infinity) {
      this.#course.nothingLeft();
    } else {
      world.nowNs = arrivalNs;
      buyers.arrive();
    }
  }

  /** A strategy that asks for another turn at once, for ever, would stop time. */
  #countInstant(timeNs: number): void {
    if (timeNs !== this.#world.nowNs) {
      this.#eventsOfInstant = 0;
      return;
    }
    this.#eventsOfInstant += 1;
    if (this.#eventsOfInstant > INSTANT_EVENTS_MAX)
      throw new StrategyFailure("kept the world busy without letting time pass");
  }

  /** A strategy that throws breaks its promise; anything else is a bug of the simulator. */
  #fail(error: unknown): void {
    if (!(error instanceof StrategyFailure)) throw error;
    const { judge, nowMs } = this.#world;
    judge.findings.report("conservation", nowMs, `the strategy ${error.message}`);
    this.#course.done = true;
  }

  progress(): Progress {
    const { held, confirmed } = this.#machines.stock();
    return {
      phase: this.#course.phase,
      buyersArrived: this.#machines.buyers.arrived,
      virtualMs: this.#world.nowMs,
      ticketsTaken: held + confirmed,
    };
  }

  /** How full the stations are now, and what they have done so far. */
  gauges(): Gauges {
    return readGauges(this.#machines);
  }

  /** Latencies so far, by answer; live, not a copy. */
  latencies(): Latencies {
    return latenciesOf(this.#machines);
  }

  /** Keeps the latencies of false SOLDOUT answers apart too. Before the first event. */
  recordFalseSoldOuts(): FalseSoldOuts {
    return (this.#world.falseSoldOuts = new FalseSoldOuts());
  }

  /** What every link and machine has carried, sampled over time, the last sample as of now. */
  traffic(): readonly TrafficSample[] {
    return this.#machines.traffic.samples(this.#world.nowNs);
  }

  /** The summary; `partial` if the run was interrupted. */
  result(partial = false): SimulationResult {
    return summarise(this.#config, this.#machines, this.#course, partial);
  }
}
