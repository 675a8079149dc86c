/**
 * no-oversell on what buyers were told: at every instant, acknowledged and not released <= T, and
 * confirmed and not refunded <= T.
 *
 * A claim lives from its first ACK until it is released. With resale, "acknowledged <= T" over the
 * whole run would be wrong: A expires, B is acknowledged, and both are right.
 */
import type { Findings } from "./findings.ts";

interface ToldClaim {
  state: "held" | "confirmed" | "released" | "refunded";
  readonly qty: number;
}

export class ClaimModel {
  readonly #claims = new Map<string, ToldClaim>();
  readonly #findings: Findings;
  readonly #total: () => number;
  #live = 0;
  #confirmed = 0;
  /** Tickets by which the worst instant was over. */
  oversold = 0;
  /** Tickets acknowledged for the first time, over the whole run. */
  acked = 0;

  constructor(findings: Findings, total: () => number) {
    this.#findings = findings;
    this.#total = total;
  }

  get confirmed(): number {
    return this.#confirmed;
  }

  isConfirmed(id: string): boolean {
    return this.#claims.get(id)?.state === "confirmed";
  }

  /** A buyer is told that he has `qty`; `paid` if it is his for good. */
  acknowledged(id: string, qty: number, paid: boolean, atMs: number): void {
    const claim = this.#claims.get(id);
    if (claim === undefined) {
      this.#claims.set(id, { state: paid ? "confirmed" : "held", qty });
      this.acked += qty;
      this.#live += qty;
      if (paid) this.#confirmed += qty;
      this.#check(id, atMs);
    } else if (claim.state === "released" && paid) {
      // A late payment revived it, and this answer is the first to say so.
      this.paid(id, atMs);
    } else if (claim.state === "released" || claim.state === "refunded") {
      this.#findings.report(
        "no-oversell",
        atMs,
        `${id} was acknowledged after it had been released`,
      );
    }
  }

  /** A payment for `id` was told PAID. */
  paid(id: string, atMs: number): void {
    const claim = this.#claims.get(id);
    // A hold whose ACK was lost can be paid by a buyer who asked for it by id on another server.
    if (claim === undefined || claim.state === "confirmed") return;
    // The payment was refunded with its ticket; a redelivery repeats its first answer.
    if (claim.state === "refunded") return;
    if (claim.state === "released") this.#live += claim.qty;
    claim.state = "confirmed";
    this.#confirmed += claim.qty;
    this.#check(id, atMs);
  }

  /** The hold ran out, or its buyer gave it back, or his money was returned. */
  released(id: string): void {
    const claim = this.#claims.get(id);
    if (claim === undefined || claim.state === "released" || claim.state === "refunded") return;
    this.#live -= claim.qty;
    if (claim.state === "confirmed") {
      this.#confirmed -= claim.qty;
      claim.state = "refunded";
    } else {
      claim.state = "released";
    }
  }

  #check(id: string, atMs: number): void {
    const total = this.#total();
    const over = Math.max(this.#live, this.#confirmed) - total;
    if (over <= 0) return;
    this.oversold = Math.max(this.oversold, over);
    this.#findings.report(
      "no-oversell",
      atMs,
      `${id} made it ${this.#live} acknowledged and ${this.#confirmed} confirmed of ${total}`,
    );
  }
}
