/** A counter in this process: the TypeScript twin behind a port that a test can hold or break. */
import type { CounterCall, CounterReply } from "../../../core/counter/calls.ts";
import { preDeduct } from "../../../core/strategies/pre-deduct.ts";
import type { CounterPort } from "../driver.ts";

const { counter } = preDeduct;

export class FakeCounter implements CounterPort {
  readonly #state = counter.create();
  readonly calls: CounterCall[] = [];
  #waiting: (() => void)[] | null = null;
  #error: string | null = null;

  constructor(tickets: number) {
    this.apply({ script: "init", total: tickets, epoch: 1 });
    this.apply({ script: "open", epoch: 1 });
  }

  /** Runs a call at once, as somebody else's. */
  apply(call: CounterCall): CounterReply {
    return counter.apply(this.#state, call, performance.timeOrigin + performance.now());
  }

  /** Takes `qty` tickets as another server. */
  take(id: string, qty: number): void {
    const item = { id, qty, buyer: "", ttlMs: 60_000, maxPerBuyer: 0, requestDeadlineMs: 0 };
    this.apply({ script: "reserve", epoch: 1, server: "other", incarnation: 0, items: [item] });
  }

  get sold(): number {
    return counter.audit(this.#state).sold;
  }

  /** From now on calls wait. */
  hold(): void {
    this.#waiting = [];
  }

  /** Lets those that wait run, and all that come. */
  release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const run of waiting) run();
  }

  get waiting(): number {
    return this.#waiting?.length ?? 0;
  }

  /** From now on calls run, and their replies are lost with this error; null: no longer. */
  loseReplies(error: string | null): void {
    this.#error = error;
  }

  async call(call: CounterCall): Promise<CounterReply> {
    this.calls.push(call);
    // An answer is never there within the same turn of the event loop.
    await new Promise<void>((resolve) => {
      if (this.#waiting === null) setImmediate(resolve);
      else this.#waiting.push(resolve);
    });
    const reply = this.apply(call);
    if (this.#error !== null) throw Object.assign(new Error("lost"), { code: this.#error });
    return reply;
  }
}
