/**
 * What a counter may answer, by the protocol and not by the code: the oracle's model of the
 * reservations with all that only a direct suite can see, because it knows what was asked, in which
 * epoch, by which payment, and what the outbox said about it.
 */
import type {
  CallOf,
  CounterCall,
  CounterReply,
  OutboxEvent,
} from "../../../core/counter/calls.ts";
import { ChargeModel } from "../../../core/invariants/charges.ts";
import { Findings } from "../../../core/invariants/findings.ts";
import type { InvariantName } from "../../../core/invariants/findings.ts";
import { checkOrders } from "../../../core/invariants/orders.ts";
import { RowModel } from "../../../core/invariants/rows.ts";
import { applyDatabase, createDatabase } from "../../../core/orders/database.ts";
import type { History } from "./counter-history.ts";

type ConfirmCall = CallOf<"confirm">;

export class CounterOracle {
  readonly findings = new Findings();
  readonly #history: History;
  readonly #rows: RowModel;
  readonly #charges: ChargeModel;
  readonly #orders;
  /** When each hold is due, by what its buyer was told. */
  readonly #deadlineMs = new Map<string, number>();
  /** The reservation that each payment was charged for. */
  readonly #chargedFor = new Map<string, string>();
  /** Ids that a caller was told do not exist: from then on nothing may land under them. */
  readonly #absent = new Set<string>();
  #generation = -1;
  #left = 0;
  #nowMs = 0;

  constructor(history: History) {
    this.#history = history;
    this.#rows = new RowModel(this.findings, history.total);
    const { graceMs, latePayment } = history;
    this.#charges = new ChargeModel(this.findings, latePayment === "strict" ? 0 : graceMs);
    this.#orders = createDatabase(history.total);
  }

  #report(invariant: InvariantName, detail: string): void {
    this.findings.report(invariant, this.#nowMs, detail);
  }

  /** The counter ran a call. */
  ran(call: CounterCall, reply: CounterReply, nowMs: number): void {
    this.#nowMs = nowMs;
    if (reply.error !== null || reply.code === "FENCED") return;
    // It speaks of no sale, or of another one than was asked for: there is nothing to check in it.
    if (call.script === "init" && reply.code === "CONFLICT") return;
    if ("epoch" in call && call.script !== "init" && call.epoch !== this.#history.epoch)
      this.#report(
        "conservation",
        `a ${call.script} of epoch ${call.epoch} took effect in epoch ${this.#history.epoch}`,
      );
    const totalBefore = this.#rows.total;
    this.#rows.observe(call, reply, nowMs);
    switch (call.script) {
      case "reserve":
        call.items.forEach((_, i) => this.#reserved(call, i, reply));
        break;
      case "confirm":
        call.items.forEach((_, i) => this.#paid(call, i, reply));
        break;
      case "release":
      case "refund":
        call.items.forEach(({ id }, i) => {
          const { code } = reply.results[i];
          if (code === "OK") this.#charges.givenUp(id);
          if (code === "TOMBSTONE") this.#absent.add(id);
        });
        break;
      case "settle":
        call.items.forEach(({ id }, i) => this.#settled(id, reply.results[i].state));
        break;
      case "sweep":
        this.#swept(call, reply);
        break;
      case "resize":
        this.#resized(call, reply, totalBefore);
        break;
      default:
        break;
    }
    this.#heard(call, reply);
    if (reply.audit !== null) this.#rows.audit(reply.audit, nowMs);
  }

  /** The counter could not run a call for want of memory. */
  refusedForMemory({ script }: CounterCall, nowMs: number): void {
    this.#nowMs = nowMs;
    const why = `${script} was refused for want of memory`;
    if (script === "sweep") this.#report("no-undersell", why);
    else if (script === "confirm") this.#report("no-charge-in-vain", why);
    else if (script === "release" || script === "settle") this.#report("unknown-resolved", why);
    else if (script === "refund") this.#report("one-refund", why);
  }

  #reserved(call: CallOf<"reserve">, i: number, reply: CounterReply): void {
    const { id, qty, ttlMs, requestDeadlineMs } = call.items[i];
    const { code, deadlineMs } = reply.results[i];
    if (code === "LATE" && (requestDeadlineMs === 0 || reply.timeMs <= requestDeadlineMs))
      this.#report("no-undersell", `${id} was refused as late before its request expired`);
    if (code !== "OK") return;
    if (!Number.isInteger(qty) || qty < 1 || qty > 999_999_999)
      this.#report("conservation", `a reservation of ${qty} tickets was accepted as ${id}`);
    if (this.#absent.has(id))
      this.#report("unknown-resolved", `${id} was deducted after it had been settled as absent`);
    if (deadlineMs !== reply.timeMs + ttlMs)
      this.#report(
        "conservation",
        `${id} is due in ${deadlineMs - reply.timeMs} ms instead of ${ttlMs}`,
      );
    this.#deadlineMs.set(id, deadlineMs);
  }

  #paid(call: ConfirmCall, i: number, reply: CounterReply): void {
    const { id, paymentId } = call.items[i];
    const { code } = reply.results[i];
    if (code === "NOSUCH") this.#absent.add(id);
    const chargedFor = this.#chargedFor.get(paymentId);
    if (chargedFor === undefined) {
      this.#chargedFor.set(paymentId, id);
      // Who pays for what is no reservation takes a known risk.
      const deadlineMs = this.#deadlineMs.get(id) ?? 1;
      this.#charges.charged(paymentId, id, reply.timeMs, deadlineMs);
    } else if (chargedFor !== id) {
      if (code !== "PAYMENTCONFLICT")
        this.#report(
          "one-refund",
          `${paymentId}, charged for ${chargedFor}, was answered ${code} for ${id}`,
        );
      return;
    }
    const isPaid = code === "OK" || code === "REVIVED" || code === "DUP";
    const answer = isPaid ? "PAID" : code === "PAYMENTCONFLICT" ? code : "REFUND";
    // Of a refused payment: another one, perhaps of the same batch, had confirmed the reservation.
    const isPaidFor = this.#rows.isConfirmed(id);
    this.#charges.answered(paymentId, answer, isPaidFor, reply.timeMs, this.#nowMs);
  }

  #settled(id: string, state: string): void {
    const isLive = this.#rows.has(id) && this.#rows.endedMs(id) === null;
    if ((state === "H" || state === "C") !== isLive)
      this.#report(
        "unknown-resolved",
        `${id} was settled as ${state || "nothing"}, but is ${isLive ? "" : "not "}reserved`,
      );
    if (!this.#rows.has(id)) this.#absent.add(id);
  }

  /** Whatever is due has gone back, as far as the sweep may go in one call. */
  #swept(call: CallOf<"sweep">, reply: CounterReply): void {
    if (reply.swept.length >= call.limit) return;
    this.#rows.forEach((id, state) => {
      const dueMs = this.#deadlineMs.get(id)! + call.graceMs;
      if (state === "held" && reply.timeMs >= dueMs)
        this.#report(
          "no-undersell",
          `${id} is due since ${reply.timeMs - dueMs} ms, and a sweep left it held`,
        );
    });
  }

  #resized(call: CallOf<"resize">, { code }: CounterReply, totalBefore: number): void {
    if (code !== "OK") return;
    if (call.expectedTotal !== totalBefore)
      this.#report(
        "conservation",
        `a resize that expected ${call.expectedTotal} tickets took effect on ${totalBefore}`,
      );
    if (this.#rows.free < 0)
      this.#report("no-oversell", `a resize left ${-this.#rows.free} tickets too many sold`);
  }

  /** A latch goes by (generation, left): within one generation free stock only shrinks. */
  #heard({ script }: CounterCall, { generation, left }: CounterReply): void {
    if (script !== "init" && generation === this.#generation && left > this.#left)
      this.#report(
        "latch",
        `${script} left ${left} instead of ${this.#left} free in the same generation`,
      );
    this.#generation = generation;
    this.#left = left;
  }

  /** The order worker moves these events to the order book. */
  delivered(events: readonly OutboxEvent[], nowMs: number): void {
    for (const { kind, id, paymentId } of events)
      if (kind === "refund")
        this.#charges.refunded(paymentId, this.#wasRefunded(id, paymentId), nowMs);
    applyDatabase(this.#orders, { call: "record", events });
  }

  /** All events are moved: the order book must agree with the reservations. */
  recorded(nowMs: number): void {
    checkOrders(this.#rows, this.#orders, "counter", this.findings, nowMs);
    this.#charges.finish(nowMs);
  }

  /** The ticket of that payment went back with it. */
  #wasRefunded(id: string, paymentId: string): boolean {
    return this.#chargedFor.get(paymentId) === id && this.#rows.endedMs(id) !== null;
  }
}
