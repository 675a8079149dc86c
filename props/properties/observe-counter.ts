/** Sees from a counter's calls and replies which states a run reaches. */
import type { CallOf, CounterCall, CounterReply, ItemResult } from "../../core/counter/calls.ts";
import type { Sightings, StateName } from "./states.ts";

/** Answers to a reserve that are states by themselves. */
const RESERVE_STATES: Partial<Record<ItemResult["code"], StateName>> = {
  CONFLICT: "id with other arguments",
  USERLIMIT: "buyer limit",
  LATE: "late request",
};

const PAYMENT_STATES: Partial<Record<ItemResult["code"], StateName>> = {
  DOUBLEPAY: "second payment",
  PAYMENTCONFLICT: "payment for two",
  REVIVED: "late payment revives",
  EXPIRED: "late payment",
};

/** By milliseconds past the deadline. */
const DEADLINE_STATES: Readonly<Record<number, StateName>> = {
  [-1]: "payment 1 ms before the deadline",
  0: "payment at the deadline",
  1: "payment 1 ms after the deadline",
};

export class CounterObserver {
  readonly #seen: Sightings;
  readonly #applied = new WeakSet<CounterCall>();
  readonly #payments = new Set<string>();
  /** Tickets sold when each id expired. */
  readonly #soldAtExpiry = new Map<string, number>();
  #ticketsSold = 0;
  #left = 0;
  #lastSweep = { timeMs: -1, count: 0 };

  constructor(seen: Sightings) {
    this.#seen = seen;
  }

  /** Whether this very call has run. */
  hasRun(call: CounterCall): boolean {
    return this.#applied.has(call);
  }

  applied(call: CounterCall, reply: CounterReply): void {
    if (reply.error !== null || reply.code === "FENCED") return;
    if (this.#applied.has(call)) this.#seen.see("call delivered twice");
    this.#applied.add(call);
    switch (call.script) {
      case "reserve":
        call.items.forEach((item, i) => this.#reserved(call, item, reply.results[i], reply));
        break;
      case "confirm":
        call.items.forEach((item, i) => this.#paid(item.paymentId, item.id, reply, i));
        break;
      case "release":
        for (const { code } of reply.results) {
          if (code === "CONFIRMED") this.#seen.see("release of what is paid");
          if (code === "TOMBSTONE") this.#seen.see("release before its reservation");
        }
        break;
      case "refund":
        for (const { code } of reply.results) if (code === "OK") this.#seen.see("refund");
        break;
      case "sweep":
        this.#swept(call, reply);
        break;
      case "resize":
        this.#resized(reply);
        break;
      default:
        break;
    }
    this.#left = reply.left;
  }

  #reserved(
    call: CallOf<"reserve">,
    { qty }: { readonly qty: number },
    result: ItemResult,
    { left }: CounterReply,
  ): void {
    const named = RESERVE_STATES[result.code];
    if (named !== undefined) this.#seen.see(named);
    if (result.code === "OK") this.#ticketsSold += qty;
    if (result.code === "SOLDOUT") this.#seen.see(left > 0 ? "sold out for a party" : "sold out");
    if (result.code !== "DUP") return;
    if (result.state === "X") this.#seen.see("id of an expired hold");
    if (result.state === "D") this.#seen.see("request behind its tombstone");
    const isLive = result.state === "H" || result.state === "C";
    if (isLive && result.server !== call.server) this.#seen.see("retry at another server");
  }

  #paid(paymentId: string, id: string, { results, left, timeMs }: CounterReply, i: number): void {
    const { code, state, deadlineMs, qty } = results[i];
    const isFirst = !this.#payments.has(paymentId);
    this.#payments.add(paymentId);
    const named = PAYMENT_STATES[code];
    if (named !== undefined) this.#seen.see(named);
    if (code === "DUP") this.#seen.see("payment delivered again");
    if (!isFirst && state === "R") this.#seen.see("payment after refund");
    if (code === "RELEASED" && state === "L") this.#seen.see("payment for a released hold");
    const isDecidedByTime = code === "OK" || code === "EXPIRED";
    const atDeadline = DEADLINE_STATES[timeMs - deadlineMs];
    if (isFirst && isDecidedByTime && atDeadline !== undefined) this.#seen.see(atDeadline);
    const soldBefore = this.#soldAtExpiry.get(id);
    if (code !== "EXPIRED" || soldBefore === undefined) return;
    if (left < qty && this.#ticketsSold - soldBefore >= qty)
      this.#seen.see("late payment after resale");
  }

  #swept({ limit }: CallOf<"sweep">, { swept, timeMs }: CounterReply): void {
    for (const { id } of swept) this.#soldAtExpiry.set(id, this.#ticketsSold);
    if (swept.length === limit) this.#seen.see("sweep stops at its limit");
    if (this.#lastSweep.timeMs === timeMs && this.#lastSweep.count > 0)
      this.#seen.see("two sweepers at once");
    this.#lastSweep = { timeMs, count: swept.length };
  }

  #resized({ code, left }: CounterReply): void {
    if (code === "BELOWSOLD") this.#seen.see("sale may not shrink");
    if (code !== "OK") return;
    if (left < this.#left) this.#seen.see("sale shrinks");
    else if (this.#left === 0) this.#seen.see("sale grows when sold out");
  }
}
