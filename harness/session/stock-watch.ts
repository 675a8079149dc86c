/** What is held and sold, by the word of whoever counts the tickets; and the record of it. */
import type { AuditRecord, HistorySink } from "../../core/history/records.ts";
import type { OutboxEvent } from "../../core/counter/calls.ts";
import type { RunClock } from "../load/clock.ts";
import type { OrderStoreClient } from "../orders/store-client.ts";
import type { CounterClient } from "../redis/counter-client.ts";
import type { OutboxLog } from "../redis/outbox-log.ts";

export interface Stock {
  readonly held: number;
  readonly confirmed: number;
  /** Events that the order workers have not finished with. */
  readonly backlog: number;
}

export interface StockWatch {
  /** Records what has happened since the last look. Rejects while the authority is out of reach. */
  look(): Promise<Stock>;
}

const TIMEOUT_MS = 5000;

/** A counter with an outbox: its stream tells every change. */
export class OutboxWatch implements StockWatch {
  readonly #log: OutboxLog;
  readonly #counter: CounterClient;
  readonly #clock: RunClock;
  readonly #history: HistorySink;
  readonly #units = new Map<string, { kind: OutboxEvent["kind"]; qty: number }>();
  #held = 0;
  #confirmed = 0;

  constructor(log: OutboxLog, counter: CounterClient, clock: RunClock, history: HistorySink) {
    this.#log = log;
    this.#counter = counter;
    this.#clock = clock;
    this.#history = history;
  }

  async look(): Promise<Stock> {
    for (const { event, atMs } of await this.#log.poll()) {
      this.#count(event);
      this.#history.add({ type: "issued", atMs: this.#clock.runMs(atMs), unixMs: atMs, event });
    }
    const backlog = await this.#counter.outboxBacklog();
    return { held: this.#held, confirmed: this.#confirmed, backlog };
  }

  #count({ kind, id, qty }: OutboxEvent): void {
    if (kind === "refund") return;
    const before = this.#units.get(id);
    this.#units.set(id, { kind, qty });
    if (before?.kind === "H") this.#held -= before.qty;
    if (before?.kind === "C") this.#confirmed -= before.qty;
    if (kind === "H") this.#held += qty;
    if (kind === "C") this.#confirmed += qty;
  }
}

/** A counter without an outbox, as the published demo's: only its state can be asked for. */
export class AuditWatch implements StockWatch {
  readonly #counter: CounterClient;

  constructor(counter: CounterClient) {
    this.#counter = counter;
  }

  async look(): Promise<Stock> {
    const { audit } = await this.#counter.call({ script: "audit" }, TIMEOUT_MS);
    return { held: audit?.heldUnits ?? 0, confirmed: audit?.confirmedUnits ?? 0, backlog: 0 };
  }
}

/** The stock row of the order database. */
export class DatabaseWatch implements StockWatch {
  readonly #store: OrderStoreClient;
  readonly #clock: RunClock;
  readonly #history: HistorySink;
  #recorded = 0;

  constructor(store: OrderStoreClient, clock: RunClock, history: HistorySink) {
    this.#store = store;
    this.#clock = clock;
    this.#history = history;
  }

  async look(): Promise<Stock> {
    const log = await this.#store.stockLog();
    for (const { left, atMs } of log.slice(this.#recorded))
      this.#history.add({ type: "stock", atMs: this.#clock.runMs(atMs), left });
    this.#recorded = log.length;
    const { sold, confirmed } = await this.#store.dump();
    return { held: sold - confirmed, confirmed, backlog: 0 };
  }
}

/** Reads the whole counter, for the end of the history. */
export async function auditRecord(counter: CounterClient, atMs: number): Promise<AuditRecord> {
  const { audit } = await counter.call({ script: "audit" }, TIMEOUT_MS);
  if (audit === null) throw new Error("the counter's audit came back empty");
  return { type: "audit", atMs, audit };
}
