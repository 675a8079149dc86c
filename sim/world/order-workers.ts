/** Order worker processes, driving the core's worker component. */
import { createWorker, workerStep } from "../../core/orders/worker.ts";
import type { WorkerEffect, WorkerInput, WorkerState } from "../../core/orders/worker.ts";
import { Numbered } from "../kernel/numbered.ts";
import { OpenCall } from "./calls.ts";
import type { Asked, Caller, Reply } from "./calls.ts";
import { WORKER_TIMER } from "./events.ts";
import type { Database } from "./order-database.ts";
import { workerConfig } from "./process-configs.ts";
import type { Redis } from "./redis.ts";
import { NS_PER_MS } from "./world.ts";
import type { World } from "./world.ts";

interface Process {
  state: WorkerState | null;
  incarnation: number;
  alive: boolean;
  /** Dies when the next transaction commits, before it acknowledges. */
  diesAfterCommit: boolean;
}

export class OrderWorkers implements Caller {
  readonly #world: World;
  readonly #redis: Redis;
  readonly #database: Database;
  readonly #processes: Process[];
  readonly #timers = new Numbered<{
    worker: number;
    incarnation: number;
    timer: "poll" | "sweep";
  }>();
  readonly #out: WorkerEffect[] = [];
  recorded = 0;

  constructor(world: World, redis: Redis, database: Database) {
    this.#world = world;
    this.#redis = redis;
    this.#database = database;
    this.#processes = world.topology.workers.map(() => ({
      state: null,
      incarnation: -1,
      alive: false,
      diesAfterCommit: false,
    }));
  }

  /** Starts them all; strategies without an outbox have no orders to move. */
  startAll(): void {
    for (let worker = 0; worker < this.#processes.length; worker += 1) this.starts(worker);
  }

  starts(worker: number): void {
    const { strategy, scenario, topology } = this.#world;
    const process = this.#processes[worker];
    process.diesAfterCommit = false;
    if (process.alive || strategy.counter.outbox === null) return;
    process.alive = true;
    process.incarnation += 1;
    process.state = createWorker(workerConfig(scenario, topology.workers[worker]));
    this.#give(worker, { type: "start" });
  }

  dies(worker: number): void {
    this.#processes[worker].alive = false;
  }

  dieAfterCommit(worker: number): void {
    this.#processes[worker].diesAfterCommit = true;
  }

  timer(number: number): void {
    const { worker, incarnation, timer } = this.#timers.remove(number)!;
    const process = this.#processes[worker];
    if (process.alive && process.incarnation === incarnation)
      this.#give(worker, { type: "timer", timer });
  }

  completed(worker: number, incarnation: number, op: number, reply: Reply): void {
    const process = this.#processes[worker];
    if (!process.alive || process.incarnation !== incarnation) return;
    switch (reply.to) {
      case "outbox-read":
        this.#give(worker, { type: "outbox-events", op, events: reply.events });
        return;
      case "outbox-ack":
        this.#give(worker, { type: "acked", op });
        return;
      case "database":
        if (process.diesAfterCommit) {
          this.dies(worker);
          return;
        }
        this.#give(worker, { type: "database-reply", op });
        return;
      case "counter":
        this.#give(worker, { type: "counter-reply", op, reply: reply.reply });
        return;
      case "error":
        this.#give(worker, { type: "failed", op });
    }
  }

  #give(worker: number, input: WorkerInput): void {
    const out = this.#out;
    workerStep(this.#processes[worker].state!, input, out);
    for (const effect of out) this.#carryOut(worker, effect);
    while (out.length > 0) out.pop();
  }

  #carryOut(worker: number, effect: WorkerEffect): void {
    const { incarnation } = this.#processes[worker];
    if (effect.type === "timer") {
      const number = this.#timers.add({ worker, incarnation, timer: effect.timer });
      this.#world.after(effect.afterMs * NS_PER_MS, WORKER_TIMER, 0, number);
      return;
    }
    if (effect.type === "ack-outbox") this.recorded += effect.positions.length;
    const { op, timeoutMs } = effect;
    const asked = askedBy(effect);
    const call = new OpenCall(this, worker, incarnation, op, asked);
    if (asked.to === "database") this.#database.send(call, timeoutMs);
    else this.#redis.send(call, this.#world.topology.servers.length + worker, timeoutMs);
  }
}

function askedBy(effect: Exclude<WorkerEffect, { readonly type: "timer" }>): Asked {
  switch (effect.type) {
    case "read-outbox": {
      const { consumer, count, claimIdleMs } = effect;
      return { to: "outbox-read", consumer, count, claimIdleMs };
    }
    case "ack-outbox":
      return { to: "outbox-ack", positions: effect.positions };
    case "call-counter":
      return { to: "counter", call: effect.call };
    case "call-database":
      return { to: "database", call: effect.call };
  }
}
