/** The order book of one sale in a real database: the same calls and replies as core's model. */
import type { DatabaseCall, DatabaseReply } from "../../core/orders/calls.ts";
import type { OrderDatabase } from "../../core/orders/database.ts";
import type { Backend } from "./backend.ts";
import { OrderStoreError } from "./order-store-error.ts";
import { DUMP } from "./statements.ts";
import { StockLog } from "./stock-log.ts";
import type { StockEntry } from "./stock-log.ts";
import { LostRace, runCall } from "./transactions.ts";
import type { Outcome } from "./transactions.ts";
import { readBook } from "./written-book.ts";
import type { WrittenBook } from "./written-book.ts";

const TOO_MANY_CONNECTIONS = "53300";
const CONNECTION_FAILURE = "08006";

/**
 * SQLSTATEs that say: nothing was committed, and the same again can succeed. Deadlock, failed
 * serialization, and a unique value that another transaction inserted first.
 */
const AGAIN = ["40P01", "40001", "23505"];
const ATTEMPTS_MAX = 20;

export class OrderStore {
  readonly #backend: Backend;
  readonly #callsMax: number;
  readonly #stock = new StockLog();
  #calls = 0;
  /** SQL statements run for calls so far; BEGIN, COMMIT and ROLLBACK not counted. */
  statements = 0;

  /** At most `queueLimit` calls wait for a connection; more are refused. */
  constructor(backend: Backend, queueLimit: number) {
    this.#backend = backend;
    this.#callsMax = backend.connections + queueLimit;
  }

  /**
   * One call as one transaction.
   * @throws OrderStoreError; with code 53300 nothing ran, with any other the outcome is unknown.
   */
  async call(call: DatabaseCall): Promise<DatabaseReply> {
    if (this.#calls >= this.#callsMax)
      throw new OrderStoreError(TOO_MANY_CONNECTIONS, "too many calls wait for a connection");
    this.#calls += 1;
    try {
      return await this.#untilItRuns(call);
    } finally {
      this.#calls -= 1;
      if (this.#calls === 0) this.#stock.skipMissing();
    }
  }

  /** The whole book. */
  async dump(): Promise<OrderDatabase> {
    const [row] = await this.#backend.query(DUMP);
    const book = row as unknown as Omit<WrittenBook, "statements">;
    return readBook({ ...book, statements: this.statements });
  }

  /** Every change of the stock that this process has committed, in the order of the commits. */
  get stockLog(): readonly StockEntry[] {
    return this.#stock.entries;
  }

  async #untilItRuns(call: DatabaseCall): Promise<DatabaseReply> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(call);
      } catch (error) {
        const { code, message } = error as Error & { code?: string };
        const again = error instanceof LostRace || AGAIN.includes(code ?? "");
        if (again && attempt < ATTEMPTS_MAX) continue;
        // An error without an SQLSTATE is one of the connection.
        const isState = /^[0-9A-Z]{5}$/u.test(code ?? "");
        throw new OrderStoreError(isState ? code! : CONNECTION_FAILURE, message);
      }
    }
  }

  async #attempt(call: DatabaseCall): Promise<DatabaseReply> {
    let atMs = 0;
    const { reply, stock } = await this.#backend.transaction(async (run): Promise<Outcome> => {
      const outcome = await runCall((statement, values) => {
        this.statements += 1;
        return run(statement, values);
      }, call);
      atMs = Date.now();
      return outcome;
    });
    if (stock !== null) {
      const { version, left } = stock;
      this.#stock.add(version, { left, atMs, committedMs: Date.now() });
    }
    return reply;
  }
}
