/**
 * Drives a strategy's ticket server from the event loop: it carries effects out and gives their
 * completions back as inputs. It decides nothing: no batching, no retry, no judgement of errors.
 */
import type { CounterCall, CounterReply } from "../../core/counter/calls.ts";
import type { DatabaseCall, DatabaseReply } from "../../core/orders/calls.ts";
import type {
  CallError,
  ServerConfig,
  ServerEffect,
  ServerInput,
  Strategy,
} from "../../core/strategy.ts";

/** The effects that answer somebody. */
export type AnswerEffect = Extract<ServerEffect, { readonly handle: number }>;

/** The counter as the driver needs it. A failure has a `code`: the CallError. */
export interface CounterPort {
  call(call: CounterCall, timeoutMs: number): Promise<CounterReply>;
}

/** The order database as the driver needs it. A failure has a `code`: the CallError. */
export interface DatabasePort {
  call(call: DatabaseCall, timeoutMs: number): Promise<DatabaseReply>;
}

/** Hears of every call that is over. */
export interface CallObserver {
  counterCalled(call: CounterCall, outcome: string): void;
  databaseCalled(call: DatabaseCall, outcome: string): void;
}

export interface DriverOptions {
  readonly strategy: Strategy;
  readonly config: ServerConfig;
  readonly counter: CounterPort | null;
  readonly database: DatabasePort | null;
  readonly answered: (effect: AnswerEffect) => void;
  readonly observer: CallObserver;
}

/** A failure that is no error of the counter or the database: its outcome is unknown too. */
const UNREADABLE: CallError = "UNREADABLE";

export class Driver {
  readonly #options: DriverOptions;
  readonly #out: ServerEffect[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #quickRefusal: ((state: unknown, qty: number, nowMs: number) => string | null) | null;
  #stopped = false;
  /** The strategy's state, for those who report on it. */
  readonly state: unknown;
  /** Calls without an outcome yet. */
  callsInFlight = 0;

  constructor(options: DriverOptions) {
    const { server } = options.strategy;
    this.#options = options;
    this.#quickRefusal = server.quickRefusal ?? null;
    this.state = server.create(options.config);
  }

  /** The process's own clock, in milliseconds since its start. */
  nowMs(): number {
    return performance.now();
  }

  /** True if the strategy refuses `qty` tickets without a call. */
  refusesQuickly(qty: number, nowMs: number): boolean {
    return this.#quickRefusal !== null && this.#quickRefusal(this.state, qty, nowMs) !== null;
  }

  give(input: ServerInput): void {
    if (this.#stopped) return;
    const out = this.#out;
    this.#options.strategy.server.step(this.state, input, this.nowMs(), out);
    // Carrying an effect out never gives an input at once, so `out` is not written meanwhile.
    for (const effect of out) this.#carryOut(effect);
    out.length = 0;
  }

  /** No input reaches the strategy any more, and no timer keeps the process alive. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #carryOut(effect: ServerEffect): void {
    switch (effect.type) {
      case "answer":
      case "pay-answer":
      case "cancel-answer":
        this.#options.answered(effect);
        return;
      case "flush-soon":
        // After everything that this turn of the event loop has read: one batch for all of it.
        setImmediate(() => this.give({ type: "flush" }));
        return;
      case "timer":
        this.#setTimer(effect.timer, effect.afterMs);
        return;
      case "call-counter":
        this.#callCounter(effect.op, effect.call, effect.timeoutMs);
        return;
      case "call-database":
        this.#callDatabase(effect.op, effect.call, effect.timeoutMs);
    }
  }

  #setTimer(timer: string, afterMs: number): void {
    const timeout = setTimeout(() => {
      this.#timers.delete(timeout);
      this.give({ type: "timer", timer });
    }, afterMs);
    this.#timers.add(timeout);
  }

  #callCounter(op: number, call: CounterCall, timeoutMs: number): void {
    const { counter, observer } = this.#options;
    if (counter === null) throw new Error("the strategy calls the counter, and there is none");
    this.callsInFlight += 1;
    counter.call(call, timeoutMs).then(
      (reply) => {
        this.callsInFlight -= 1;
        observer.counterCalled(call, reply.error ?? "ok");
        this.give({ type: "counter-reply", op, reply });
      },
      (failure: unknown) => {
        this.callsInFlight -= 1;
        const error = codeOf(failure);
        observer.counterCalled(call, error);
        this.give({ type: "counter-failed", op, error });
      },
    );
  }

  #callDatabase(op: number, call: DatabaseCall, timeoutMs: number): void {
    const { database, observer } = this.#options;
    if (database === null)
      throw new Error("the strategy calls the order database, and there is none");
    this.callsInFlight += 1;
    database.call(call, timeoutMs).then(
      (reply) => {
        this.callsInFlight -= 1;
        observer.databaseCalled(call, "ok");
        this.give({ type: "database-reply", op, reply });
      },
      (failure: unknown) => {
        this.callsInFlight -= 1;
        const error = codeOf(failure);
        observer.databaseCalled(call, error);
        this.give({ type: "database-failed", op, error });
      },
    );
  }
}

function codeOf(failure: unknown): CallError {
  const code = failure instanceof Error && "code" in failure ? failure.code : null;
  return typeof code === "string" ? code : UNREADABLE;
}
