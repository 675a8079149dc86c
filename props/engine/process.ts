/**
 * A ticket server as a process: one start of an engine, with its clock, its timers, the calls it
 * waits for, and, while it stands still, what has come for it.
 */
import type { ServerConfig, ServerEffect, ServerInput, TicketServer } from "../../core/strategy.ts";

interface Due {
  readonly atMs: number;
  readonly input: ServerInput;
}

export class Process<S> {
  readonly incarnation: number;
  readonly state: S;
  isPaused = false;
  isDraining = false;
  readonly #server: TicketServer<S>;
  readonly #startMs: number;
  #due: Due[] = [];
  #inbox: ServerInput[] = [];
  #isFlushAsked = false;
  /** Counter calls without a reply or a failure. */
  readonly #openCalls = new Set<number>();

  constructor(server: TicketServer<S>, config: ServerConfig, startMs: number) {
    this.incarnation = config.incarnation;
    this.#server = server;
    this.#startMs = startMs;
    this.state = server.create(config);
  }

  /** Gives an input, at once or when the process goes on, and returns what is to be carried out. */
  give(input: ServerInput, nowMs: number): readonly ServerEffect[] {
    if (this.isPaused) {
      this.#inbox.push(input);
      return [];
    }
    if (input.type === "drain") this.isDraining = true;
    if (input.type === "counter-reply" || input.type === "counter-failed")
      this.#openCalls.delete(input.op);
    const out: ServerEffect[] = [];
    const clockMs = nowMs - this.#startMs;
    const refusal =
      input.type === "buy" ? this.#server.quickRefusal?.(this.state, input.qty, clockMs) : null;
    if (input.type === "buy" && refusal === "SOLDOUT")
      return [{ type: "answer", handle: input.handle, answer: refusal, id: input.id }];
    this.#server.step(this.state, input, clockMs, out);
    for (const effect of out) {
      if (effect.type === "flush-soon") this.#isFlushAsked = true;
      if (effect.type === "timer")
        this.#due.push({
          atMs: nowMs + effect.afterMs,
          input: { type: "timer", timer: effect.timer },
        });
      if (effect.type === "call-counter") {
        this.#openCalls.add(effect.op);
        this.#due.push({
          atMs: nowMs + effect.timeoutMs,
          input: { type: "counter-failed", op: effect.op, error: "TIMEOUT" },
        });
      }
    }
    return out;
  }

  /** The flush that was asked for, at the end of an instant. */
  flush(nowMs: number): readonly ServerEffect[] {
    if (this.isPaused || !this.#isFlushAsked) return [];
    this.#isFlushAsked = false;
    return this.give({ type: "flush" }, nowMs);
  }

  /** Whether it waits for the counter. */
  get isCalling(): boolean {
    return this.#openCalls.size > 0;
  }

  /** Whether a timer of its own is set. */
  get hasTimer(): boolean {
    return this.#due.some(({ input }) => input.type === "timer");
  }

  /** When the next timer fires; a process that stands still has none. */
  get nextDueMs(): number {
    return this.isPaused ? Infinity : Math.min(Infinity, ...this.#due.map(({ atMs }) => atMs));
  }

  fireNext(nowMs: number): readonly ServerEffect[] {
    const index = this.#due.findIndex(({ atMs }) => atMs === this.nextDueMs);
    const [{ input }] = this.#due.splice(index, 1);
    return this.give(input, nowMs);
  }

  /** The process goes on and reads all that came. */
  readInbox(nowMs: number): readonly ServerEffect[] {
    return this.#inbox.splice(0).flatMap((input) => this.give(input, nowMs));
  }
}
