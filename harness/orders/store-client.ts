/**
 * The order store as the other processes see it.
 *
 * A request is sent once. If no answer comes, its outcome is unknown, and asking what became of it
 * is the engine's business.
 */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { DatabaseCall, DatabaseReply } from "../../core/orders/calls.ts";
import type { OrderDatabase } from "../../core/orders/database.ts";
import { OrderStoreError } from "./order-store-error.ts";
import type { StockEntry } from "./stock-log.ts";
import { receive, send } from "./wire.ts";
import type { Answer, Request } from "./wire.ts";
import { readBook } from "./written-book.ts";
import type { WrittenBook } from "./written-book.ts";

export { OrderStoreError } from "./order-store-error.ts";

export interface OrderStoreAddress {
  readonly socketPath: string;
}

/** Every method rejects with an OrderStoreError; without a connection at once, as CONNECTION. */
export interface OrderStoreClient {
  call(call: DatabaseCall, timeoutMs: number): Promise<DatabaseReply>;
  /** The whole book, with the SQL statements that calls have cost so far. */
  dump(): Promise<OrderDatabase>;
  /** Every change of the free stock in the order of the commits. */
  stockLog(): Promise<readonly StockEntry[]>;
  close(): Promise<void>;
}

const RECONNECT_MS = 50;
/** A whole book of a million orders takes its time. */
const WHOLE_BOOK_TIMEOUT_MS = 120_000;

/**
 * Connects, and reconnects in the background until it is closed.
 * @throws OrderStoreError with code CONNECTION if nobody serves there.
 */
export async function connectOrderStore(address: OrderStoreAddress): Promise<OrderStoreClient> {
  const client = new SocketClient(address.socketPath);
  await client.connect();
  return client;
}

type Ask = Request extends infer R ? (R extends Request ? Omit<R, "op"> : never) : never;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: OrderStoreError) => void;
  readonly timer: NodeJS.Timeout;
}

class SocketClient implements OrderStoreClient {
  readonly #socketPath: string;
  #socket: Socket | null = null;
  #isClosed = false;
  #nextOp = 1;
  readonly #pending = new Map<number, Pending>();

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  async call(call: DatabaseCall, timeoutMs: number): Promise<DatabaseReply> {
    return (await this.#ask({ ask: "call", call }, timeoutMs)) as DatabaseReply;
  }

  async dump(): Promise<OrderDatabase> {
    return readBook((await this.#ask({ ask: "dump" }, WHOLE_BOOK_TIMEOUT_MS)) as WrittenBook);
  }

  async stockLog(): Promise<readonly StockEntry[]> {
    return (await this.#ask({ ask: "stock-log" }, WHOLE_BOOK_TIMEOUT_MS)) as StockEntry[];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#socket?.destroy();
    this.#failAll("the client is closed");
  }

  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#socketPath);
      let lastError = "the order store closed the connection";
      socket.on("error", (error) => (lastError = error.message));
      socket.once("connect", () => {
        this.#socket = socket;
        resolve();
      });
      socket.once("close", () => {
        const wasConnected = this.#socket === socket;
        if (wasConnected) this.#lost(lastError);
        else reject(new OrderStoreError("CONNECTION", lastError));
      });
      receive(socket, (answer) => this.#answered(answer as Answer));
    });
  }

  #ask(ask: Ask, timeoutMs: number): Promise<unknown> {
    const socket = this.#socket;
    if (socket === null)
      return Promise.reject(new OrderStoreError("CONNECTION", "no connection to the order store"));
    const op = this.#nextOp;
    this.#nextOp += 1;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        // An answer that comes later finds nobody.
        this.#pending.delete(op);
        reject(new OrderStoreError("TIMEOUT", `no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#pending.set(op, { resolve, reject, timer });
      send(socket, { op, ...ask });
    });
  }

  #answered(answer: Answer): void {
    const pending = this.#take(answer.op);
    if (pending === undefined) return;
    if ("error" in answer) pending.reject(new OrderStoreError(answer.error, answer.message));
    else pending.resolve(answer.value);
  }

  #take(op: number): Pending | undefined {
    const pending = this.#pending.get(op);
    if (pending === undefined) return undefined;
    this.#pending.delete(op);
    clearTimeout(pending.timer);
    return pending;
  }

  #lost(message: string): void {
    this.#socket = null;
    this.#failAll(message);
    void this.#reconnect();
  }

  #failAll(message: string): void {
    for (const op of this.#pending.keys())
      this.#take(op)!.reject(new OrderStoreError("CONNECTION", message));
  }

  async #reconnect(): Promise<void> {
    while (!this.#isClosed && this.#socket === null) {
      await sleep(RECONNECT_MS, undefined, { ref: false });
      if (!this.#isClosed) await this.connect().catch(() => {});
    }
    // Closed while it was connecting.
    if (this.#isClosed) this.#socket?.destroy();
  }
}
