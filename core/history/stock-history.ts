/** The stock over time and at the end, from whatever tells it: see `RunRecord.source`. */
import type { History } from "./history.ts";

/** Tickets when everything was settled, before any probe. */
export interface Stock {
  readonly held: number;
  readonly confirmed: number;
  readonly free: number;
  /** Held without a deadline: nothing will ever bring them back. */
  readonly hoarded: number;
}

/** From `atMs` on. */
export interface StockStep {
  readonly atMs: number;
  readonly held: number;
  readonly confirmed: number;
  readonly free: number;
}

export class StockHistory {
  readonly #history: History;
  readonly steps: StockStep[] = [];
  /** False if nothing tells it, not even the end. */
  readonly isKnown: boolean;

  constructor(history: History) {
    this.#history = history;
    const { source } = history.run;
    this.isKnown = source !== "none" || history.audit !== null;
    if (source === "stock") this.#followRow();
    else if (source === "none") this.#standStill();
  }

  /** The counter has this many now. Dates never go back: the order is the stream's. */
  changed(held: number, confirmed: number, atMs: number): void {
    const free = this.#history.run.tickets - held - confirmed;
    this.#step(held, confirmed, free, atMs);
  }

  #step(held: number, confirmed: number, free: number, atMs: number): void {
    const last = this.steps.at(-1)?.atMs ?? atMs;
    this.steps.push({ atMs: Math.max(atMs, last), held, confirmed, free });
  }

  /** The stock row tells what is sold; what of it is paid, the answers to payments tell. */
  #followRow(): void {
    const { run, stock, calls } = this.#history;
    const paid = new Map<string, { readonly atMs: number; readonly qty: number }>();
    const qtys = new Map<string, number>();
    for (const { kind, id, qty, outcome, endMs } of calls) {
      if (kind === "buy" && outcome === "ACK") qtys.set(id, qty);
      if (outcome === "PAID" && !paid.has(id))
        paid.set(id, { atMs: endMs!, qty: qtys.get(id) ?? 1 });
    }
    // In order of time, as the calls are.
    const payments = [...paid.values()];
    let confirmed = 0;
    let next = 0;
    let left = run.tickets;
    const paidUntil = (ms: number): void => {
      for (; next < payments.length && payments[next].atMs <= ms; next += 1) {
        confirmed += payments[next].qty;
        this.#step(
          Math.max(0, run.tickets - left - confirmed),
          confirmed,
          left,
          payments[next].atMs,
        );
      }
    };
    for (const record of stock) {
      paidUntil(record.atMs);
      left = record.left;
      this.#step(Math.max(0, run.tickets - left - confirmed), confirmed, left, record.atMs);
    }
    paidUntil(Infinity);
  }

  /** What is free at the end was free all along: such a counter never takes a ticket back. */
  #standStill(): void {
    const { audit } = this.#history;
    if (audit === null) return;
    const { total, sold, confirmedUnits, heldUnits } = audit.audit;
    this.#step(heldUnits, confirmedUnits, total - sold, 0);
  }

  /** When everything was settled; at the end, if it never was. */
  settled(): Stock {
    const { run, settledMs, book } = this.#history;
    if (run.source === "stock" && book !== null) {
      const { total, sold, confirmed } = book.database;
      const held = sold - confirmed;
      return { held, confirmed, free: total - sold, hoarded: held };
    }
    const step = this.steps.findLast(({ atMs }) => atMs <= (settledMs ?? Infinity));
    const { held, confirmed, free } = step ?? { held: 0, confirmed: 0, free: run.tickets };
    return { held, confirmed, free, hoarded: 0 };
  }
}
