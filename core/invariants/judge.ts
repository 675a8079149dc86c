/**
 * The judge: everything the checks see, and what they say in the end.
 *
 * It is fed with what buyers were told, what the provider charged, and what the stock's authority
 * answered; it never looks into an engine. Both worlds feed the same judge. Times are in
 * milliseconds since the start of the run; `counterMs` is counter time.
 */
import type { CounterAudit, CounterCall, CounterReply } from "../counter/calls.ts";
import type { DatabaseCall, DatabaseReply } from "../orders/calls.ts";
import type { OrderDatabase } from "../orders/database.ts";
import type { Claim, ServerEffect } from "../strategy.ts";
import { ChargeModel } from "./charges.ts";
import { ClaimModel } from "./claims.ts";
import { DemandModel } from "./demand.ts";
import { Findings } from "./findings.ts";
import { checkOrders } from "./orders.ts";
import { RowModel } from "./rows.ts";

export interface JudgeConfig {
  readonly tickets: number;
  /** A charge must be delivered within this time after the deadline to count as made in time. */
  readonly graceMs: number;
  /** pollMs + the longest round trip that is not a failure. */
  readonly refillBoundMs: number;
  /** The longest that an answer of the counter may take to be told. */
  readonly replyBoundMs: number;
  readonly authority: "counter" | "database";
}

export class Judge {
  readonly findings = new Findings();
  readonly rows: RowModel;
  readonly claims: ClaimModel;
  readonly demand: DemandModel;
  readonly charges: ChargeModel;
  readonly #config: JudgeConfig;
  /** Ids whose buyers were told UNKNOWN, or nothing, and have not been told more since. */
  readonly #unknown = new Set<string>();
  /** When the order database, as the authority, cancelled an order. */
  readonly #cancelledMs = new Map<string, number>();

  constructor(config: JudgeConfig) {
    this.#config = config;
    this.rows = new RowModel(this.findings, config.tickets);
    this.claims = new ClaimModel(this.findings, () => this.rows.total);
    this.demand = new DemandModel(this.findings, config.tickets, config.refillBoundMs);
    this.charges = new ChargeModel(this.findings, config.graceMs);
  }

  /** The counter ran a call. */
  counterApplied(call: CounterCall, reply: CounterReply, atMs: number): void {
    this.rows.observe(call, reply, atMs);
    if (call.script === "sweep") for (const swept of reply.swept) this.claims.released(swept.id);
    else if (call.script === "release" || call.script === "refund")
      call.items.forEach((item, i) => {
        if (reply.results[i]?.code !== "OK") return;
        this.claims.released(item.id);
        if (call.script === "release") this.charges.givenUp(item.id);
      });
    if (reply.error === null) this.demand.stock(reply.left, atMs);
  }

  /** The order database, where it is the stock's authority, ran a transaction. */
  databaseApplied(call: DatabaseCall, reply: DatabaseReply, atMs: number): void {
    // The ticket is back on sale from now on, whenever its buyer hears of it.
    if (call.call === "cancel" && reply.code === "OK") {
      this.claims.released(call.id);
      if (!this.#cancelledMs.has(call.id)) this.#cancelledMs.set(call.id, atMs);
    }
    this.demand.stock(reply.left, atMs);
  }

  /** A ticket server gave a buyer an answer (whether or not it reaches him). */
  answered(
    effect: Extract<ServerEffect, { readonly type: "answer" }>,
    qty: number,
    atMs: number,
  ): void {
    const { id } = effect;
    switch (effect.answer) {
      case "ACK":
        this.#unknown.delete(id);
        if (promisesTicket(effect.claim)) this.#acknowledged(id, qty, effect.paid, atMs);
        return;
      case "SOLDOUT":
        this.demand.soldOut(qty, atMs);
        this.#unknown.delete(id);
        return;
      case "UNKNOWN":
        this.#unknown.add(id);
        return;
      default:
        this.#unknown.delete(id);
    }
  }

  /**
   * The reservation may have ended while the authority's answer was on its way; then the ACK is
   * already void when it is said, and is no claim. Later than that, nobody may say it.
   */
  #acknowledged(id: string, qty: number, paid: boolean, atMs: number): void {
    const endedMs = this.rows.endedMs(id) ?? this.#cancelledMs.get(id) ?? null;
    // Told from before the expiry, and revived since: then it is paid, whatever the answer says.
    const isPaid = paid || this.rows.isConfirmed(id);
    if (endedMs === null) this.claims.acknowledged(id, qty, isPaid, atMs);
    else if (atMs - endedMs > this.#config.replyBoundMs)
      this.findings.report(
        "no-oversell",
        atMs,
        `${id} was acknowledged ${(atMs - endedMs).toFixed(1)} ms after its ticket was taken back`,
      );
  }

  /** A buyer gave his ticket back, and was told so. */
  cancelled(id: string): void {
    this.claims.released(id);
  }

  /** The provider was told what a charge is good for. */
  chargeAnswered(
    paymentId: string,
    id: string,
    answer: "PAID" | "REFUND" | "PAYMENTCONFLICT",
    counterMs: number,
    atMs: number,
  ): void {
    // The answer to the payment that confirmed may still be on its way.
    const paidBefore = this.claims.isConfirmed(id) || this.rows.isConfirmed(id);
    this.charges.answered(paymentId, answer, paidBefore, counterMs, atMs);
    if (answer === "PAID") this.claims.paid(id, atMs);
  }

  /** A buyer went away without ever knowing what became of this id. */
  leftUnknown(id: string): void {
    this.#unknown.add(id);
  }

  /** Ids whose outcome nobody was told. */
  unknownIds(): string[] {
    return [...this.#unknown];
  }

  /** Compares the whole counter with what it answered. */
  audit(audit: CounterAudit, atMs: number): void {
    this.rows.audit(audit, atMs);
  }

  /**
   * The last checks, when nothing is under way any more. `drained`: the outbox is empty;
   * `undersold`: what it was before probes bought what was left, if any did.
   */
  finish(
    database: OrderDatabase,
    drained: boolean,
    atMs: number,
    undersold = this.demand.undersold(),
  ): void {
    if (drained) this.charges.finish(atMs);
    if (drained || this.#config.authority === "database")
      checkOrders(this.rows, database, this.#config.authority, this.findings, atMs);
    const unknown = this.#unknown.size;
    if (unknown > 0) {
      const [example] = this.#unknown;
      this.findings.report(
        "unknown-resolved",
        atMs,
        `${unknown} outcomes are still unknown after healing, of ${example} for one`,
      );
    }
    if (undersold > 0)
      this.findings.report(
        "no-undersell",
        atMs,
        `${undersold} tickets stayed free while at least as many in-limit buyers left without one`,
      );
  }
}

/** An order alone promises nothing: the stock is deducted at payment. */
function promisesTicket(claim: Claim): boolean {
  return claim !== "order";
}
