/**
 * no-undersell, latch and false sold-outs: every refusal at the moment that is best for the server.
 *
 * If stock was short at any moment of the call, the SOLDOUT was true then. Otherwise the stock was
 * there all along, and the earliest moment is the best: the tickets had come back most recently.
 * That is also the moment at which a buyer who left for good counts as refused.
 */
import { DemandModel } from "../invariants/demand.ts";
import type { Findings } from "../invariants/findings.ts";
import type { History } from "./history.ts";
import type { CallRecord } from "./records.ts";
import { Steps } from "./steps.ts";
import type { StockStep } from "./stock-history.ts";

export interface DemandFigures {
  readonly undersold: number;
  readonly falseSoldOut: number;
}

/** `stock` in order of time; before its first step every ticket is free. */
export function judgeDemand(
  { run, calls, settledMs }: History,
  stock: readonly StockStep[],
  findings: Findings,
): DemandFigures {
  // Both the rise of the stock and the refusal may be misdated.
  const demand = new DemandModel(findings, run.tickets, run.refillBoundMs + 2 * run.skewMs);
  const course = new Steps(run.tickets);
  for (const { atMs, free } of stock) course.set(atMs, free);
  const byStart = calls.toSorted((a, b) => a.startMs - b.startMs);
  let next = 0;
  const stockUntil = (ms: number): void => {
    for (; next < stock.length && stock[next].atMs <= ms; next += 1)
      demand.stock(stock[next].free, stock[next].atMs);
  };
  const heard = (call: CallRecord): void => {
    stockUntil(call.startMs);
    if (isWrong(call, course, run.skewMs)) demand.soldOut(call.qty, call.startMs);
    if (countsAsRefused(call)) demand.refusedForGood(call.startMs);
  };
  const endMs = settledMs ?? Infinity;
  for (const call of byStart) if (call.startMs <= endMs) heard(call);
  stockUntil(endMs);
  const undersold = demand.undersold();
  // The probes.
  for (const call of byStart) if (call.startMs > endMs) heard(call);
  return { undersold, falseSoldOut: demand.falseSoldOut };
}

/** SOLDOUT was said, and there was stock at every moment of the call. */
function isWrong({ outcome, qty, startMs, endMs }: CallRecord, course: Steps, skewMs: number) {
  return outcome === "SOLDOUT" && course.least(startMs - skewMs, endMs! + skewMs) >= qty;
}

/** A buyer of one ticket left for good although there may have been one. Only a buy has a `qty`. */
function countsAsRefused({ final, caller, qty, outcome, reason }: CallRecord): boolean {
  const refused = outcome === "SOLDOUT" || reason === "quota";
  return final && refused && caller === "buyer" && qty === 1;
}
