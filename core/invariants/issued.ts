/**
 * The oracle on what the counter issued: its outbox, in stream order, on the same model of the rows
 * as its answers. On real parts nobody hears every answer, but the stream misses nothing and has
 * the exact order, so conservation, no-oversell and buyer-limit are judged on it without doubt.
 */
import type { LatePayment, OutboxEvent } from "../counter/calls.ts";
import type { Findings } from "./findings.ts";
import type { RowModel } from "./rows.ts";

export interface IssueRules {
  readonly maxPerBuyer: number;
  readonly graceMs: number;
  readonly latePayment: LatePayment;
  /** An entry may be dated later than its script by this: the machine may pause in between. */
  readonly delayMsMax: number;
}

export class IssuedModel {
  readonly #findings: Findings;
  readonly #rows: RowModel;
  readonly #rules: IssueRules;
  /** What became of each reservation last. */
  readonly #last = new Map<string, OutboxEvent["kind"]>();
  /** What each payment did: it confirmed a reservation, or went back. */
  readonly #payments = new Map<string, { readonly kind: "C" | "refund"; readonly id: string }>();

  constructor(findings: Findings, rows: RowModel, rules: IssueRules) {
    this.#findings = findings;
    this.#rows = rows;
    this.#rules = rules;
  }

  /**
   * The next event of the stream, dated `unixMs` there. `deadlineMs`: the deadline (counter time)
   * that somebody was told for this reservation; 0 if nobody was told one.
   */
  observe(event: OutboxEvent, unixMs: number, deadlineMs: number, atMs: number): void {
    const { kind, id, paymentId } = event;
    switch (kind) {
      case "H":
        this.#rows.take(id, { ...event, maxPerBuyer: this.#rules.maxPerBuyer }, deadlineMs, atMs);
        break;
      case "C":
        this.#confirmed(event, unixMs, deadlineMs, atMs);
        break;
      case "X": {
        // The date is no earlier than the script: what it shows as too early was too early.
        const earlyMs = deadlineMs + this.#rules.graceMs - unixMs;
        if (deadlineMs > 0 && earlyMs > 0)
          this.#findings.report("conservation", atMs, `${id} was swept ${earlyMs} ms too early`);
        this.#rows.giveBack(id, "sweep", "held", atMs);
        break;
      }
      case "L":
        this.#rows.giveBack(id, "release", "held", atMs);
        break;
      case "R":
        this.#rows.giveBack(id, "refund", "confirmed", atMs);
        break;
      case "refund":
        this.#refunded(paymentId, id, atMs);
        return;
    }
    this.#last.set(id, kind);
  }

  #confirmed(event: OutboxEvent, unixMs: number, deadlineMs: number, atMs: number): void {
    const { id, qty, paymentId } = event;
    const { latePayment, delayMsMax } = this.#rules;
    const used = this.#payments.get(paymentId);
    if (used !== undefined)
      this.#findings.report(
        "one-refund",
        atMs,
        `payment ${paymentId} confirmed ${id}, and before that ` +
          (used.kind === "C" ? `it confirmed ${used.id}` : `it was given back`),
      );
    this.#payments.set(paymentId, { kind: "C", id });
    const lateMs = unixMs - deadlineMs;
    if (latePayment === "strict" && deadlineMs > 0 && lateMs > delayMsMax)
      this.#findings.report(
        "conservation",
        atMs,
        `${id} was confirmed ${lateMs} ms past its deadline under strict`,
      );
    const revives = this.#last.get(id) === "X" && latePayment === "revive";
    if (revives) this.#checkLimit(event.buyer, qty, atMs);
    this.#rows.confirm(id, revives ? "REVIVED" : "OK", atMs);
  }

  #checkLimit(buyer: string, qty: number, atMs: number): void {
    const { maxPerBuyer } = this.#rules;
    const units = this.#rows.unitsOf(buyer) + qty;
    if (maxPerBuyer > 0 && buyer !== "" && units > maxPerBuyer)
      this.#findings.report(
        "buyer-limit",
        atMs,
        `buyer ${buyer} holds ${units} of at most ${maxPerBuyer}`,
      );
  }

  #refunded(paymentId: string, id: string, atMs: number): void {
    const used = this.#payments.get(paymentId);
    if (used?.kind === "refund")
      this.#findings.report("one-refund", atMs, `payment ${paymentId} is given back twice`);
    else if (used?.kind === "C" && this.#last.get(used.id) !== "R")
      this.#findings.report(
        "one-refund",
        atMs,
        `payment ${paymentId} is given back, yet confirmed ${used.id}`,
      );
    this.#payments.set(paymentId, { kind: "refund", id });
  }
}
