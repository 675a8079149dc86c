/**
 * one-refund and no-charge-in-vain: every charge either confirms a ticket or is given back exactly
 * once; and nobody is charged who cannot get his ticket.
 *
 * A charge is in vain if the buyer paid before the deadline he was told, his payment reached the
 * stock's authority within the grace, and it did not confirm. Who pays late, or whose payment is
 * delivered later than the grace, takes a known risk: that charge is refunded, not in vain. A claim
 * without stock behind it (an order only) has no deadline to miss: any refund of it is in vain.
 */
import type { Findings } from "./findings.ts";

interface Charge {
  readonly id: string;
  /** Counter time of the charge, and the deadline its buyer had been told (0: none). */
  readonly chargedMs: number;
  readonly deadlineMs: number;
  answer: "none" | "PAID" | "REFUND" | "PAYMENTCONFLICT";
  refunds: number;
}

export class ChargeModel {
  readonly #charges = new Map<string, Charge>();
  /** Which payment each confirmed reservation was bought with. */
  readonly #paidWith = new Map<string, string>();
  /** Reservations whose buyers gave them up: what they paid is refunded, not charged in vain. */
  readonly #givenUp = new Set<string>();
  readonly #findings: Findings;
  readonly #graceMs: number;
  chargedInVain = 0;
  refunds = 0;

  constructor(findings: Findings, graceMs: number) {
    this.#findings = findings;
    this.#graceMs = graceMs;
  }

  charged(paymentId: string, id: string, chargedMs: number, deadlineMs: number): void {
    this.#charges.set(paymentId, { id, chargedMs, deadlineMs, answer: "none", refunds: 0 });
  }

  /**
   * The provider was told what the charge is good for, at counter time `counterMs`. `paidBefore`:
   * another payment had confirmed the reservation already.
   */
  answered(
    paymentId: string,
    answer: "PAID" | "REFUND" | "PAYMENTCONFLICT",
    paidBefore: boolean,
    counterMs: number,
    atMs: number,
  ): void {
    const charge = this.#charges.get(paymentId);
    if (charge === undefined) return;
    if (charge.answer !== "none") {
      if (charge.answer !== answer)
        this.#findings.report(
          "one-refund",
          atMs,
          `payment ${paymentId} was ${charge.answer} at first and ${answer} when delivered again`,
        );
      return;
    }
    charge.answer = answer;
    if (answer === "PAID") this.#checkPaidOnce(paymentId, charge.id, atMs);
    if (answer !== "REFUND" || paidBefore || this.#givenUp.has(charge.id)) return;
    const inTime =
      charge.deadlineMs === 0 ||
      (charge.chargedMs < charge.deadlineMs && counterMs < charge.deadlineMs + this.#graceMs);
    if (!inTime) return;
    this.chargedInVain += 1;
    this.#findings.report(
      "no-charge-in-vain",
      atMs,
      `payment ${paymentId} was charged in time for ${charge.id} and confirmed nothing`,
    );
  }

  /** The buyer of `id` gave it back. */
  givenUp(id: string): void {
    this.#givenUp.add(id);
  }

  #checkPaidOnce(paymentId: string, id: string, atMs: number): void {
    const first = this.#paidWith.get(id) ?? paymentId;
    this.#paidWith.set(id, first);
    if (first !== paymentId)
      this.#findings.report(
        "one-refund",
        atMs,
        `${id} was paid with ${first}, and ${paymentId} was kept for it too`,
      );
  }

  /** The order book tells the provider to give a payment back. */
  refunded(paymentId: string, refundOfConfirmed: boolean, atMs: number): void {
    const charge = this.#charges.get(paymentId);
    this.refunds += 1;
    if (charge === undefined) {
      this.#findings.report("one-refund", atMs, `payment ${paymentId} is refunded, never charged`);
      return;
    }
    charge.refunds += 1;
    if (charge.refunds > 1)
      this.#findings.report("one-refund", atMs, `payment ${paymentId} is refunded twice`);
    if (charge.answer === "PAID" && !refundOfConfirmed)
      this.#findings.report(
        "one-refund",
        atMs,
        `payment ${paymentId} is refunded, yet confirmed ${charge.id}`,
      );
  }

  /** Charges the provider has no answer for yet. */
  pending(): number {
    let pending = 0;
    for (const charge of this.#charges.values()) if (charge.answer === "none") pending += 1;
    return pending;
  }

  /** At the end: nobody's money is kept for nothing. */
  finish(atMs: number): void {
    for (const [paymentId, charge] of this.#charges) {
      if (charge.answer === "REFUND" && charge.refunds !== 1)
        this.#findings.report(
          "one-refund",
          atMs,
          `payment ${paymentId} confirmed nothing and has ${charge.refunds} refunds`,
        );
    }
  }
}
