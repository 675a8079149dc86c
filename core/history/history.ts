/** A whole history in memory, its records sorted by type. */
import { createDatabase } from "../orders/database.ts";
import type { OrderDatabase } from "../orders/database.ts";
import type {
  AuditRecord,
  BookRecord,
  CallRecord,
  ChargeRecord,
  FaultRecord,
  HistoryRecord,
  HistorySink,
  IssuedRecord,
  OrderRecord,
  RefundRecord,
  RunRecord,
  StockRecord,
} from "./records.ts";

export interface History {
  readonly run: RunRecord;
  /** In the order in which they ended. */
  readonly calls: readonly CallRecord[];
  readonly charges: readonly ChargeRecord[];
  /** In stream order. */
  readonly issued: readonly IssuedRecord[];
  readonly stock: readonly StockRecord[];
  readonly faults: readonly FaultRecord[];
  /** When the last probe-free moment was; null if the run did not come that far. */
  readonly settledMs: number | null;
  readonly audit: AuditRecord | null;
  /** The order book at the end; null if it was not read. */
  readonly book: OrderBook | null;
}

export interface OrderBook {
  readonly atMs: number;
  readonly drained: boolean;
  readonly database: OrderDatabase;
}

/** A history that contradicts its own form; the message says where and what. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
}

/**
 * Collects records.
 *
 * ```ts
 * const log = new HistoryLog(run);
 * log.add({ type: "settled", atMs: 1200 });
 * const { findings } = judgeHistory(log.history());
 * ```
 */
export class HistoryLog implements HistorySink {
  readonly #run: RunRecord;
  readonly #calls: CallRecord[] = [];
  readonly #charges: ChargeRecord[] = [];
  readonly #issued: IssuedRecord[] = [];
  readonly #stock: StockRecord[] = [];
  readonly #faults: FaultRecord[] = [];
  readonly #orders: OrderRecord[] = [];
  readonly #refunds: RefundRecord[] = [];
  #settledMs: number | null = null;
  #audit: AuditRecord | null = null;
  #book: BookRecord | null = null;

  constructor(run: RunRecord) {
    this.#run = run;
  }

  /** @throws HistoryError for a second `run`, `settled`, `audit` or `book`. */
  add(record: HistoryRecord): void {
    switch (record.type) {
      case "call":
        this.#calls.push(record);
        return;
      case "charge":
        this.#charges.push(record);
        return;
      case "issued":
        this.#issued.push(record);
        return;
      case "stock":
        this.#stock.push(record);
        return;
      case "fault":
        this.#faults.push(record);
        return;
      case "order":
        this.#orders.push(record);
        return;
      case "refund":
        this.#refunds.push(record);
        return;
      case "settled":
        if (this.#settledMs !== null) throw twice(record);
        this.#settledMs = record.atMs;
        return;
      case "audit":
        if (this.#audit !== null) throw twice(record);
        this.#audit = record;
        return;
      case "book":
        if (this.#book !== null) throw twice(record);
        this.#book = record;
        return;
      case "run":
        throw twice(record);
    }
  }

  history(): History {
    return {
      run: this.#run,
      calls: this.#calls,
      charges: this.#charges,
      issued: this.#issued,
      stock: this.#stock,
      faults: this.#faults,
      settledMs: this.#settledMs,
      audit: this.#audit,
      book: this.#orderBook(),
    };
  }

  #orderBook(): OrderBook | null {
    if (this.#book === null) return null;
    const { atMs, drained, total, sold, confirmed, statements } = this.#book;
    const database = createDatabase(total);
    for (const { id, state, buyer, qty, paymentId } of this.#orders)
      database.orders.set(id, { id, state, buyer, qty, paymentId });
    for (const { paymentId, id } of this.#refunds) database.refunds.set(paymentId, id);
    return { atMs, drained, database: { ...database, sold, confirmed, statements } };
  }
}

function twice({ type }: HistoryRecord): HistoryError {
  return new HistoryError(`a history has one record of type ${type}, this one has two`);
}

/** The records of an order book, as they end a history. */
export function* bookRecords(
  database: OrderDatabase,
  drained: boolean,
  atMs: number,
): Generator<HistoryRecord> {
  for (const order of database.orders.values()) yield { type: "order", ...order };
  for (const [paymentId, id] of database.refunds) yield { type: "refund", paymentId, id };
  const { total, sold, confirmed, statements } = database;
  yield { type: "book", atMs, drained, total, sold, confirmed, statements };
}
