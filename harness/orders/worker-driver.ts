/** Drives the core's order worker from the event loop: its effects on Redis and the order store. */
import { createWorker, workerStep } from "../../core/orders/worker.ts";
import type {
  WorkerConfig,
  WorkerEffect,
  WorkerInput,
  WorkerState,
} from "../../core/orders/worker.ts";
import type { CounterClient } from "../redis/counter-client.ts";
import type { OrderStoreClient } from "./store-client.ts";

export interface WorkerParts {
  readonly counter: Pick<
    CounterClient,
    "call" | "readOutbox" | "claimOutbox" | "ackOutbox" | "trimOutbox"
  >;
  readonly orderStore: Pick<OrderStoreClient, "call">;
  /** The outbox is trimmed this often. */
  readonly trimMs: number;
  /** Called when a transaction has been committed, before its events are acknowledged. */
  readonly onCommit?: () => void;
}

type Timer = "poll" | "sweep" | "trim";

export class WorkerDriver {
  readonly #parts: WorkerParts;
  readonly #state: WorkerState;
  readonly #timers = new Map<Timer, NodeJS.Timeout>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #out: WorkerEffect[] = [];
  #isStopping = false;

  constructor(config: WorkerConfig, parts: WorkerParts) {
    this.#parts = parts;
    this.#state = createWorker(config);
  }

  start(): void {
    this.#give({ type: "start" });
    this.#trimLater();
  }

  /**
   * Begins nothing new; resolves when what was read is recorded and acknowledged, or has failed.
   * Every call ends within its timeout.
   */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #give(input: WorkerInput): void {
    workerStep(this.#state, input, this.#out);
    for (const effect of this.#out.splice(0)) this.#carryOut(effect);
  }

  #carryOut(effect: WorkerEffect): void {
    const { counter, orderStore, onCommit } = this.#parts;
    switch (effect.type) {
      case "timer": {
        const { timer, afterMs } = effect;
        this.#later(timer, afterMs, () => this.#give({ type: "timer", timer }));
        return;
      }
      case "read-outbox": {
        if (this.#isStopping) return;
        const { op, consumer, count, claimIdleMs, timeoutMs } = effect;
        const events =
          claimIdleMs > 0
            ? counter.claimOutbox(consumer, claimIdleMs, count, timeoutMs)
            : counter.readOutbox(consumer, count, timeoutMs);
        this.#completes(op, events, (events) => ({ type: "outbox-events", op, events }));
        return;
      }
      case "call-database": {
        const { op, call, timeoutMs } = effect;
        this.#completes(op, orderStore.call(call, timeoutMs), () => {
          onCommit?.();
          return { type: "database-reply", op };
        });
        return;
      }
      case "ack-outbox": {
        const { op, positions, timeoutMs } = effect;
        this.#completes(op, counter.ackOutbox(positions, timeoutMs), () => ({ type: "acked", op }));
        return;
      }
      case "call-counter": {
        if (this.#isStopping) return;
        const { op, call, timeoutMs } = effect;
        this.#completes(op, counter.call(call, timeoutMs), (reply) => ({
          type: "counter-reply",
          op,
          reply,
        }));
      }
    }
  }

  /** Gives the worker what the call came to; a call that fails, whatever the reason, has failed. */
  #completes<T>(op: number, call: Promise<T>, input: (value: T) => WorkerInput): void {
    this.#track(
      call.then(
        (value) => this.#give(input(value)),
        () => this.#give({ type: "failed", op }),
      ),
    );
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
  }

  #trimLater(): void {
    // What cannot be trimmed now can be later.
    this.#later("trim", this.#parts.trimMs, () => {
      const trimmed = this.#parts.counter.trimOutbox().catch(() => {});
      this.#track(trimmed.then(() => this.#trimLater()));
    });
  }

  #later(timer: Timer, afterMs: number, then: () => void): void {
    if (!this.#isStopping) this.#timers.set(timer, setTimeout(then, afterMs));
  }
}
