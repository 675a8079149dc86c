/**
 * A whole service in one process, for tests of the load: HTTP in front, the counter's twin behind,
 * one after the other, and faults by word of mouth.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CounterCall, ItemResult } from "../../../core/counter/calls.ts";
import { applyCall, auditCounter, createCounter } from "../../../core/counter/twin.ts";
import { bookRecords } from "../../../core/history/history.ts";
import type { HistoryRecord } from "../../../core/history/records.ts";
import { applyDatabase, createDatabase } from "../../../core/orders/database.ts";
import type { Scenario } from "../../../sim/scenario/schema.ts";
import type { RunClock } from "../clock.ts";

/** What happens to one request: null if nothing special does. */
export type Mishap =
  | { readonly does: "hang-before" | "hang-after" | "bad-gateway" | "reset" }
  | { readonly does: "answer"; readonly status: number; readonly body: object }
  | null;

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly from: string;
}

const SWEEP_MS = 20;

export class Service {
  readonly #scenario: Scenario;
  readonly #clock: RunClock;
  readonly #counter = createCounter();
  readonly #server: Server;
  readonly #events: HistoryRecord[] = [];
  #sweeps: NodeJS.Timeout | null = null;
  /** Every request, in order. */
  readonly seen: Seen[] = [];
  /** Decides on each request before it is looked at. */
  mishap: (seen: Seen) => Mishap = () => null;

  constructor(scenario: Scenario, clock: RunClock) {
    this.#scenario = scenario;
    this.#clock = clock;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#ask({ script: "init", total: scenario.sale.tickets, epoch: 1 });
    this.#ask({ script: "open", epoch: 1 });
  }

  /** Starts it, if it has not been, and gives its base URL. */
  async start(): Promise<string> {
    if (!this.#server.listening) {
      this.#server.listen(0, "127.0.0.1");
      await once(this.#server, "listening");
      this.#sweeps = setInterval(() => this.#sweep(), SWEEP_MS);
    }
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    if (this.#sweeps !== null) clearInterval(this.#sweeps);
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  get audit() {
    return auditCounter(this.#counter);
  }

  /** What was issued, the audit and the order book. */
  records(): HistoryRecord[] {
    const atMs = this.#clock.nowMs();
    const database = createDatabase(this.#scenario.sale.tickets);
    const { events } = this.#counter.outbox;
    applyDatabase(database, { call: "record", events });
    return [
      ...this.#events,
      { type: "audit", atMs, audit: this.audit },
      ...bookRecords(database, true, atMs),
    ];
  }

  #sweep(): void {
    const { graceMs } = this.#scenario.sale;
    this.#ask({ script: "sweep", epoch: 1, limit: 100, graceMs, retainMs: 1e9 });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const seen: Seen = {
      method: request.method!,
      path: request.url!,
      body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
      from: request.socket.remoteAddress!,
    };
    this.seen.push(seen);
    const mishap = this.mishap(seen);
    if (mishap?.does === "hang-before") return;
    if (mishap?.does === "reset") {
      request.socket.destroy();
      return;
    }
    if (mishap?.does === "bad-gateway") {
      response.writeHead(502).end("<html>");
      return;
    }
    const [status, body] =
      mishap?.does === "answer" ? [mishap.status, mishap.body] : [200, this.#answer(seen)];
    if (mishap?.does !== "hang-after") response.writeHead(status).end(JSON.stringify(body));
  }

  #answer({ method, path, body }: Seen): object {
    if (path === "/buy/ticket") return this.#buy(body);
    const [, , id, action] = path.split("/").map(decodeURIComponent);
    if (method === "GET")
      return lives(id, this.#item({ script: "settle", epoch: 1, items: [{ id }] }));
    if (action === "cancel") {
      const { code } = this.#item({ script: "release", epoch: 1, items: [{ id }] });
      return { id, result: code === "CONFIRMED" ? "CONFIRMED" : "CANCELLED" };
    }
    const items = [{ id, paymentId: String(body["paymentId"]) }];
    const { latePayment } = this.#scenario.sale;
    const { code } = this.#item({ script: "confirm", epoch: 1, latePayment, items });
    const paid = code === "OK" || code === "DUP" || code === "REVIVED";
    return { id, result: paid ? "PAID" : "REFUND" };
  }

  #buy(body: Record<string, unknown>): object {
    const { holdMs, maxPerBuyer } = this.#scenario.sale;
    const { id, buyer = "", qty = 1 } = body as { id: string; buyer?: string; qty?: number };
    const item = { id, qty, buyer, ttlMs: holdMs, maxPerBuyer, requestDeadlineMs: 0 };
    const call = { script: "reserve", epoch: 1, server: "s1", incarnation: 0 } as const;
    const result = this.#item({ ...call, items: [item] });
    const { code } = result;
    return code === "SOLDOUT" || code === "USERLIMIT" ? { id, result: code } : lives(id, result);
  }

  #item(call: CounterCall): ItemResult {
    return this.#ask(call).results[0];
  }

  #ask(call: CounterCall) {
    const unixMs = Date.now();
    const seen = this.#counter.outbox.events.length;
    const reply = applyCall(this.#counter, call, unixMs);
    for (const event of this.#counter.outbox.events.slice(seen))
      this.#events.push({ type: "issued", atMs: this.#clock.runMs(unixMs), unixMs, event });
    return reply;
  }
}

function lives(id: string, { code, state, deadlineMs }: ItemResult): object {
  if (code === "CONFLICT" || (state !== "H" && state !== "C"))
    return { id, result: "TRYAGAIN", reason: "id-spent" };
  return { id, result: "ACK", claim: "hold", deadlineMs, paid: state === "C" };
}
