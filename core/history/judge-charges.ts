/**
 * one-refund and no-charge-in-vain, from the charges, the answers to their payments, the counter's
 * stream and the order book.
 *
 * When a payment reached the counter is known where its refund was issued. Where no stream tells
 * it, it was no later than its answer was heard: a charge that was in time even then was in vain.
 */
import { ChargeModel } from "../invariants/charges.ts";
import type { Findings } from "../invariants/findings.ts";
import type { History, OrderBook } from "./history.ts";
import type { CallRecord, IssuedRecord } from "./records.ts";
import { mayHaveCancelled } from "./unknown-ids.ts";

export interface ChargeFigures {
  readonly chargedInVain: number;
  readonly refunds: number;
  readonly paymentsPending: number;
}

/** Where the stream confirms and gives back: what it says of payments. */
interface Payments {
  /** The reservation's event that confirmed it, by payment. */
  readonly confirmed: ReadonlyMap<string, IssuedRecord>;
  readonly refunded: ReadonlyMap<string, IssuedRecord>;
  /** Refunds of a reservation that had been paid or given up before. */
  readonly excused: ReadonlySet<string>;
  /** Reservations whose own confirmation was taken back. */
  readonly takenBack: ReadonlySet<string>;
}

export function judgeCharges(
  history: History,
  byId: ReadonlyMap<string, readonly CallRecord[]>,
  /** The order book has everything that was issued. */
  bookIsWhole: boolean,
  findings: Findings,
): ChargeFigures {
  const { run, charges, calls, book } = history;
  // Under `strict` a payment must have arrived by the deadline itself.
  const model = new ChargeModel(findings, run.latePayment === "strict" ? 0 : run.graceMs);
  const chargedAtMs = new Map<string, number>();
  for (const { paymentId, id, atMs, unixMs, deadlineMs } of charges) {
    model.charged(paymentId, id, unixMs, deadlineMs);
    chargedAtMs.set(paymentId, atMs);
  }
  const payments = paymentsOf(history.issued);
  for (const [paymentId, { atMs, event }] of payments.confirmed) {
    const chargedMs = chargedAtMs.get(paymentId);
    if (chargedMs === undefined || chargedMs > atMs + run.skewMs)
      findings.report(
        "one-refund",
        atMs,
        `${event.id} was confirmed by payment ${paymentId}, which had not been charged`,
      );
  }
  for (const call of calls) {
    const { paymentId, id, outcome, endMs } = call;
    if (outcome !== "PAID" && outcome !== "REFUND" && outcome !== "PAYMENTCONFLICT") continue;
    const refund = payments.refunded.get(paymentId);
    const excused =
      run.source === "outbox"
        ? payments.excused.has(paymentId)
        : isExcused(call, byId.get(id)!, book);
    const reachedMs = refund?.unixMs ?? run.startUnixMs + endMs!;
    model.answered(paymentId, outcome, excused, reachedMs, endMs!);
    if (outcome === "PAID") checkPaid(history, payments, call, findings);
  }
  checkRefunds(history, payments, model, bookIsWhole, findings);
  const { chargedInVain, refunds } = model;
  return { chargedInVain, refunds, paymentsPending: model.pending() };
}

function paymentsOf(issued: readonly IssuedRecord[]): Payments {
  const confirmed = new Map<string, IssuedRecord>();
  const refunded = new Map<string, IssuedRecord>();
  const excused = new Set<string>();
  const takenBack = new Set<string>();
  const over = new Set<string>();
  for (const record of issued) {
    const { kind, id, paymentId } = record.event;
    if (kind === "C" && !confirmed.has(paymentId)) confirmed.set(paymentId, record);
    if (kind === "C" || kind === "L") over.add(id);
    if (kind === "R") takenBack.add(id);
    if (kind !== "refund" || refunded.has(paymentId)) continue;
    refunded.set(paymentId, record);
    if (over.has(id)) excused.add(paymentId);
  }
  return { confirmed, refunded, excused, takenBack };
}

/** Without a stream: another payment had the order, or its buyer may have given it up. */
function isExcused(
  { paymentId, id, endMs }: CallRecord,
  about: readonly CallRecord[],
  book: OrderBook | null,
): boolean {
  // Then nobody knows which payment had it.
  if (book === null) return true;
  const paidWith = book.database.orders.get(id)?.paymentId ?? "";
  if (paidWith !== "" && paidWith !== paymentId) return true;
  return about.some((other) => mayHaveCancelled(other) && other.startMs <= endMs!);
}

/** Whoever is told PAID has what he paid for. */
function checkPaid(
  { run, book }: History,
  payments: Payments,
  { paymentId, id, endMs }: CallRecord,
  findings: Findings,
): void {
  const complain = (): void =>
    findings.report(
      "no-charge-in-vain",
      endMs!,
      `payment ${paymentId} was told PAID for ${id} and confirmed nothing`,
    );
  if (run.source === "outbox") {
    const confirmation = payments.confirmed.get(paymentId);
    const inTime = confirmation !== undefined && confirmation.atMs <= endMs! + run.skewMs;
    if (!inTime || confirmation.event.id !== id) complain();
  } else if (book !== null && book.database.orders.get(id)?.paymentId !== paymentId) complain();
}

function checkRefunds(
  { run, book }: History,
  payments: Payments,
  model: ChargeModel,
  bookIsWhole: boolean,
  findings: Findings,
): void {
  if (book === null) return;
  const { database, atMs } = book;
  for (const [paymentId, id] of database.refunds)
    model.refunded(paymentId, payments.takenBack.has(id), atMs);
  if (!bookIsWhole) return;
  model.finish(atMs);
  if (run.source !== "outbox") return;
  for (const paymentId of payments.refunded.keys())
    if (!database.refunds.has(paymentId))
      findings.report(
        "one-refund",
        atMs,
        `the refund of payment ${paymentId} was issued, and is not in the order book`,
      );
  for (const paymentId of database.refunds.keys())
    if (!payments.refunded.has(paymentId))
      findings.report(
        "one-refund",
        atMs,
        `the order book gives payment ${paymentId} back, which nobody issued`,
      );
}
