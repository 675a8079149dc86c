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
  const refusals = calls
    .filter((call) => isWrong(call, course, run.skewMs) || countsAsRefused(call))
    .toSorted((a, b) => a.startMs - b.startMs);
  let next = 0;
  const stockUntil = (ms: number): void => {
    for (; next < stock.length && stock[next].atMs <= ms; next += 1)
      demand.stock(stock[next].free, stock[next].atMs);
  };
  let undersold: number | null = null;
  for (const call of refusals) {
    if (undersold === null && settledMs !== null && call.startMs > settledMs) {
      stockUntil(settledMs);
      undersold = demand.undersold();
    }
    stockUntil(call.startMs);
    if (isWrong(call, course, run.skewMs)) demand.soldOut(call.qty, call.startMs);
    if (countsAsRefused(call)) demand.refusedForGood(call.startMs);
  }
  if (undersold === null) {
    stockUntil(settledMs ?? Infinity);
    undersold = demand.undersold();
  }
  return { undersold, falseSoldOut: demand.falseSoldOut };
}

/** SOLDOUT was said, and there was stock at every moment of the call. */
function isWrong({ outcome, qty, startMs, endMs }: CallRecord, course: Steps, skewMs: number) {
  return outcome === "SOLDOUT" && course.least(startMs - skewMs, endMs! + skewMs) >= qty;
}

/** A buyer of one ticket left for good although there may have been one. */
function countsAsRefused({ final, caller, qty, outcome, reason, kind }: CallRecord): boolean {
  const refused = outcome === "SOLDOUT" || (outcome === "TRYAGAIN" && reason === "quota");
  return final && refused && caller === "buyer" && kind === "buy" && qty === 1;
}
