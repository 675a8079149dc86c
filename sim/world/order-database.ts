/** The order database as a station: so many connections, each one transaction at a time. */
import { applyDatabase, createDatabase } from "../../core/orders/database.ts";
import type { OrderDatabase } from "../../core/orders/database.ts";
import type { DatabaseCall } from "../../core/orders/calls.ts";
import { serviceDraw } from "../kernel/service-law.ts";
import type { ServiceDraw } from "../kernel/service-law.ts";
import type { Asked, Calls, OpenCall, Reply } from "./calls.ts";
import { CALL_REPLY, CALL_TIMEOUT, DATABASE_ARRIVE, DATABASE_COMMIT } from "./events.ts";
import { StationMeter } from "./station-meter.ts";
import { NS_PER_MS, NS_PER_US } from "./world.ts";
import type { World } from "./world.ts";

export class Database {
  readonly book: OrderDatabase;
  readonly #world: World;
  readonly #calls: Calls;
  /** When each connection is free again. */
  readonly #freeNs: Float64Array;
  /** Null: every transaction takes the same time. */
  readonly #transactionDraw: ServiceDraw | null;
  readonly meter = new StationMeter();
  /** Transactions sent, by number: they commit even if their caller has given up. */
  readonly #sent = new Map<number, Asked>();
  #stalled = false;
  /** Payments whose refund the provider has been told of. */
  readonly #announced = new Set<string>();
  /** Transactions that were due to commit during the stall. */
  readonly #blocked: number[] = [];
  /** Called for every payment that is to be given back, once it is on the books. */
  onRefund: (paymentId: string) => void = () => {};

  /** Called after each transaction on the stock row. */
  onStock: () => void = () => {};

  constructor(world: World, calls: Calls) {
    this.#world = world;
    this.#calls = calls;
    this.book = createDatabase(world.scenario.sale.tickets);
    this.#freeNs = new Float64Array(world.scenario.orders.connections);
    this.#transactionDraw = serviceDraw(
      world.scenario.orders.transactionLaw,
      world.random.stream("orders/transaction"),
    );
  }

  send(open: OpenCall, timeoutMs: number): void {
    const world = this.#world;
    const number = this.#calls.open(open);
    this.#sent.set(number, open.asked);
    world.after(timeoutMs * NS_PER_MS, CALL_TIMEOUT, -1, number);
    world.after(world.scenario.orders.linkUs * NS_PER_US, DATABASE_ARRIVE, 0, number);
  }

  arrive(number: number): void {
    const { nowNs, queue, scenario } = this.#world;
    const { orders } = scenario;
    let connection = 0;
    for (let i = 1; i < this.#freeNs.length; i += 1)
      if (this.#freeNs[i] < this.#freeNs[connection]) connection = i;
    const startNs = Math.max(nowNs, this.#freeNs[connection]);
    const meanNs = orders.transactionUs * NS_PER_US;
    const waitingMax = (orders.queueLimit * meanNs) / this.#freeNs.length;
    if (startNs - nowNs > waitingMax) {
      this.meter.refuses();
      this.#sent.delete(number);
      this.#answer(number, { to: "error", error: "53300" });
      return;
    }
    const draw = this.#transactionDraw;
    const transactionNs = draw === null ? meanNs : meanNs * draw(number, 0);
    const commitNs = Math.round(startNs + transactionNs);
    this.meter.joins(nowNs);
    this.meter.plans(nowNs, startNs, commitNs);
    this.#freeNs[connection] = commitNs;
    queue.push(commitNs, DATABASE_COMMIT, 0, number);
  }

  commit(number: number): void {
    const world = this.#world;
    if (this.#stalled) {
      this.#blocked.push(number);
      return;
    }
    const asked = this.#sent.get(number)!;
    this.meter.leaves(world.nowNs);
    this.#sent.delete(number);
    if (asked.to !== "database") throw new Error(`${asked.to} was sent to the order database`);
    const refundsBefore = this.book.refunds.size;
    const reply = applyDatabase(this.book, asked.call);
    if (this.book.refunds.size > refundsBefore) this.#announceRefunds(asked.call);
    if (world.strategy.authority === "database") {
      world.judge.databaseApplied(asked.call, reply, world.nowMs);
      this.onStock();
    }
    this.#note(asked.call, reply.code);
    this.#answer(number, { to: "database", reply });
  }

  #answer(number: number, reply: Reply): void {
    const open = this.#calls.get(number);
    if (open === undefined) return;
    open.reply = reply;
    const world = this.#world;
    world.after(world.scenario.orders.linkUs * NS_PER_US, CALL_REPLY, -1, number);
  }

  /** Tells the provider of the payments that this transaction put on the refund table. */
  #announceRefunds(call: DatabaseCall): void {
    if (call.call !== "record") {
      if ("paymentId" in call) this.onRefund(call.paymentId);
      return;
    }
    for (const event of call.events) {
      if (event.kind !== "refund" || this.#announced.has(event.paymentId)) continue;
      this.#announced.add(event.paymentId);
      this.onRefund(event.paymentId);
    }
  }

  #note(call: DatabaseCall, code: string): void {
    const { trace, nowNs } = this.#world;
    if (call.call === "record")
      for (const event of call.events) trace.add(nowNs, "order", 0, 0, `${event.kind} ${event.id}`);
    else trace.add(nowNs, "order", 0, 0, `${call.call} ${call.id} ${code}`);
  }

  /** While it is stalled, nothing commits. */
  stall(stalled: boolean): void {
    this.#stalled = stalled;
    if (stalled) return;
    for (const number of this.#blocked.splice(0)) this.#world.after(0, DATABASE_COMMIT, 0, number);
  }
}
