/**
 * Who asked for what: requests, payments, and the answers that servers owe. Every answer goes
 * through here to the judge, and each is owed once.
 */
import type { PaymentAnswer } from "../../core/answers.ts";
import type { Judge } from "../../core/invariants/judge.ts";
import type { ServerEffect } from "../../core/strategy.ts";
import { BrokenPromise } from "./broken-promise.ts";

export interface Request {
  readonly id: string;
  readonly buyer: string;
  readonly qty: number;
  /** The most that was asked for under this id: a question may be refused together with that. */
  qtyMax: number;
  /** The deadline this buyer was told; null if he was never told that he holds a ticket. */
  deadlineMs: number | null;
}

export interface Payment {
  readonly paymentId: string;
  readonly id: string;
  /** The last definite answer; null before there is one. */
  answer: Exclude<PaymentAnswer, "TRYAGAIN"> | null;
}

/** An answer that a server owes. */
export interface Debt {
  readonly server: number;
  readonly id: string;
  /** Tickets asked for; 0 for a question, which asks for none. */
  readonly qty: number;
  /** Null for anything but a payment, and for a payment that was made for another request. */
  readonly payment: Payment | null;
}

export class Buyers {
  readonly requests: Request[] = [];
  readonly payments: Payment[] = [];
  readonly #debts = new Map<number, Debt>();
  readonly #judge: Judge;
  #nextHandle = 1;

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  /** Answers owed. */
  get debts(): number {
    return this.#debts.size;
  }

  newRequest(buyer: string, qty: number): Request {
    const id = `r${this.requests.length}`;
    const request: Request = { id, buyer, qty, qtyMax: qty, deadlineMs: null };
    this.requests.push(request);
    return request;
  }

  /** A charge for a request whose buyer was told that he holds a ticket. */
  newPayment({ id, deadlineMs }: Request, counterMs: number): Payment | null {
    if (deadlineMs === null) return null;
    const payment: Payment = { paymentId: `p${this.payments.length}`, id, answer: null };
    this.payments.push(payment);
    this.#judge.charges.charged(payment.paymentId, id, counterMs, deadlineMs);
    return payment;
  }

  /** The handle of the answer that this server owes from now on. */
  owe(debt: Debt): number {
    const handle = this.#nextHandle;
    this.#nextHandle += 1;
    this.#debts.set(handle, debt);
    return handle;
  }

  /** A server died: whoever waited for it hears nothing more. */
  forget(server: number): void {
    for (const [handle, debt] of this.#debts) {
      if (debt.server !== server) continue;
      this.#debts.delete(handle);
      if (debt.payment === null) this.#judge.leftUnknown(debt.id);
    }
  }

  /** @throws BrokenPromise if nothing is owed to the handle. */
  answered(
    effect: Extract<ServerEffect, { readonly handle: number }>,
    counterMs: number,
    atMs: number,
  ): void {
    const debt = this.#debts.get(effect.handle);
    if (debt === undefined)
      throw new BrokenPromise("answers", `handle ${effect.handle} was answered twice`);
    this.#debts.delete(effect.handle);
    switch (effect.type) {
      case "answer": {
        const request = this.requests.find(({ id }) => id === debt.id)!;
        const asked = effect.answer === "SOLDOUT" ? request.qtyMax : request.qty;
        this.#judge.answered(effect, debt.qty === 0 ? asked : debt.qty, atMs);
        if (effect.answer === "ACK") request.deadlineMs = effect.deadlineMs;
        // Whoever wanted one ticket and is refused does not come back.
        if (effect.answer === "SOLDOUT" && debt.qty === 1) this.#judge.demand.refusedForGood(atMs);
        return;
      }
      case "pay-answer": {
        if (effect.answer === "TRYAGAIN") return;
        if (debt.payment === null) {
          if (effect.answer !== "PAYMENTCONFLICT")
            this.#judge.findings.report(
              "one-refund",
              atMs,
              `a payment that was made for another reservation is ${effect.answer} for ${debt.id}`,
            );
          return;
        }
        const { paymentId, id } = debt.payment;
        debt.payment.answer = effect.answer;
        this.#judge.chargeAnswered(paymentId, id, effect.answer, counterMs, atMs);
        return;
      }
      case "cancel-answer":
        if (effect.answer === "CANCELLED") this.#judge.cancelled(debt.id);
    }
  }
}
