/**
 * A small world without a network model: messages wait until an operation delivers, loses or
 * doubles them, time passes when an operation says so, and after each operation the judge has seen
 * all that happened. Every answer, call and charge goes through it.
 */
import { Judge } from "../../core/invariants/judge.ts";
import { slices } from "../../core/quota.ts";
import { applyDatabase, createDatabase } from "../../core/orders/database.ts";
import type { OrderDatabase } from "../../core/orders/database.ts";
import type { CounterCall, CounterReply } from "../../core/counter/calls.ts";
import type { CounterState } from "../../core/counter/state.ts";
import type { EngineState } from "../../core/engine/state.ts";
import type { ServerEffect, ServerInput, Strategy } from "../../core/strategy.ts";
import { Buyers } from "./buyers.ts";
import type { Debt, Payment, Request } from "./buyers.ts";
import type { Operation, RunConfig } from "./operations.ts";
import { Process } from "./process.ts";
import { pick, Wire } from "./wire.ts";

export type PreDeduct = Strategy<EngineState, CounterState>;

export const EPOCH = 1;
/** Counter time at the start of a run. */
const COUNTER_START_MS = 1_000_000;

/** An input that the buyers give, before it has a handle. */
type Asked = { [T in ServerInput["type"]]: Omit<Extract<ServerInput, { type: T }>, "handle"> }[
  | "buy"
  | "pay"
  | "cancel"
  | "query"];

/** Servers of a strategy with states `S`, and its counter with states `C`. */
export class World<S = EngineState, C = CounterState> {
  readonly judge: Judge;
  readonly config: RunConfig;
  readonly database: OrderDatabase;
  readonly stock: C;
  readonly servers: (Process<S> | null)[];
  readonly buyers: Buyers;
  readonly wire = new Wire();
  nowMs = 0;
  readonly #strategy: Strategy<S, C>;
  readonly #starts: number[];
  readonly #slices: readonly number[];
  /** Reservations that were paid and taken back. */
  readonly #takenBack = new Set<string>();

  constructor(config: RunConfig, strategy: Strategy<S, C>) {
    this.config = config;
    this.#strategy = strategy;
    const { tickets, sale, rules } = config;
    this.judge = new Judge({
      tickets,
      graceMs: sale.graceMs,
      refillBoundMs: rules.pollMs + rules.callTimeoutMs,
      replyBoundMs: rules.callTimeoutMs,
      authority: "counter",
    });
    this.buyers = new Buyers(this.judge);
    this.database = createDatabase(tickets);
    this.stock = strategy.counter.create();
    this.run({ script: "init", total: tickets, epoch: EPOCH });
    this.run({ script: "open", epoch: EPOCH });
    this.#slices = slices(tickets, config.weights ?? Array<number>(config.servers).fill(1));
    this.servers = this.#slices.map(() => null);
    this.#starts = this.#slices.map(() => 0);
    for (let server = 0; server < config.servers; server += 1) this.start(server);
  }

  get counterMs(): number {
    return COUNTER_START_MS + this.nowMs;
  }

  apply(operation: Operation): void {
    this.#do(operation);
    this.settleInstant();
    this.judge.audit(this.#strategy.counter.audit(this.stock), this.nowMs);
  }

  #do(operation: Operation): void {
    const server = "server" in operation ? operation.server % this.config.servers : 0;
    switch (operation.do) {
      case "buy":
        this.buy(server, `b${operation.buyer}`, operation.qty);
        return;
      case "buy again": {
        const request = pick(this.buyers.requests, operation.request);
        const qty = (request?.qty ?? 0) + (operation.isChanged ? 1 : 0);
        if (request !== undefined) this.#ask(server, request, qty);
        return;
      }
      case "query":
      case "cancel": {
        const request = pick(this.buyers.requests, operation.request);
        if (request !== undefined) this.askAbout(server, request.id, operation.do);
        return;
      }
      case "pay": {
        const request = pick(this.buyers.requests, operation.request);
        if (request !== undefined) this.#charge(server, request);
        return;
      }
      case "deliver payment again": {
        const payment = pick(this.buyers.payments, operation.payment);
        if (payment !== undefined) this.pay(server, payment);
        return;
      }
      case "pay for another": {
        // Only one that the counter knows: before, nobody could tell which of the two was meant.
        const known = this.buyers.payments.filter(({ answer }) => answer !== null);
        const payment = pick(known, operation.payment);
        const request = pick(this.buyers.requests, operation.request);
        if (payment === undefined || request === undefined || request.id === payment.id) return;
        this.#request(
          server,
          { server, id: request.id, qty: 0, payment: null },
          { type: "pay", id: request.id, paymentId: payment.paymentId },
        );
        return;
      }
      case "deliver":
        this.deliver(operation.message);
        return;
      case "deliver all":
        for (let i = this.wire.length; i > 0; i -= 1) this.deliver(0);
        return;
      case "lose":
        this.wire.take(operation.message);
        return;
      case "duplicate": {
        const message = this.wire.peek(operation.message);
        if (message !== undefined) this.wire.send(message);
        return;
      }
      case "refuse":
        this.#refuse(operation.message, operation.error);
        return;
      case "pass":
        this.pass(operation.ms);
        return;
      case "crash":
        this.crash(server);
        return;
      case "start":
        this.start(server);
        return;
      case "pause":
        if (this.servers[server] !== null) this.servers[server].isPaused = true;
        return;
      case "resume":
        this.resume(server, operation.isReadFirst);
        return;
      case "drain":
        this.#give(server, { type: "drain" });
        return;
      case "sweep":
        this.sweep();
        return;
      case "record":
        this.record(operation.dies);
        return;
      case "resize":
        this.resize(operation.by);
        return;
      case "refund": {
        const paid = this.buyers.payments.filter(({ answer }) => answer === "PAID");
        const payment = pick(paid, operation.payment);
        if (payment !== undefined) this.takeBack(payment.id);
        return;
      }
      case "pay at the deadline": {
        const request = pick(this.buyers.requests, operation.request);
        if (request !== undefined) this.#payAtDeadline(server, request, operation.offsetMs);
      }
    }
  }

  /** The end of an instant: every server that asked for it may flush. */
  settleInstant(): void {
    for (let server = 0; server < this.servers.length; server += 1) {
      const process = this.servers[server];
      if (process !== null) this.#carryOut(server, process.flush(this.nowMs));
    }
  }

  // ---- Servers

  start(server: number): void {
    if (this.servers[server] !== null) return;
    const incarnation = this.#starts[server];
    this.#starts[server] += 1;
    const { sale, rules, buffer } = this.config;
    const slice = this.#slices[server];
    const name = `s${server}`;
    const config = { name, incarnation, slice, buffer, epoch: EPOCH, sale, rules };
    this.servers[server] = new Process(this.#strategy.server, config, this.nowMs);
    this.#give(server, { type: "start" });
  }

  crash(server: number): void {
    this.servers[server] = null;
    this.buyers.forget(server);
  }

  resume(server: number, isReadFirst: boolean): void {
    const process = this.servers[server];
    if (process === null || !process.isPaused) return;
    process.isPaused = false;
    if (!isReadFirst) this.#fireDue(this.nowMs);
    this.#carryOut(server, process.readInbox(this.nowMs));
  }

  #give(server: number, input: ServerInput): void {
    const process = this.servers[server];
    if (process !== null) this.#carryOut(server, process.give(input, this.nowMs));
  }

  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    this.#fireDue(untilMs);
    this.nowMs = untilMs;
  }

  #fireDue(untilMs: number): void {
    for (;;) {
      const due = this.servers.map((process) => process?.nextDueMs ?? Infinity);
      const dueMs = Math.min(...due);
      if (dueMs > untilMs) return;
      // What was due while its process stood still fires late.
      this.nowMs = Math.max(this.nowMs, dueMs);
      const server = due.indexOf(dueMs);
      this.#carryOut(server, this.servers[server]!.fireNext(this.nowMs));
      this.settleInstant();
    }
  }

  // ---- Buyers and payments

  buy(server: number, buyer: string, qty: number): void {
    this.#ask(server, this.buyers.newRequest(buyer, qty), qty);
  }

  #ask(server: number, request: Request, qty: number): void {
    const { id, buyer } = request;
    request.qtyMax = Math.max(request.qtyMax, qty);
    this.#request(server, { server, id, qty, payment: null }, { type: "buy", id, buyer, qty });
  }

  askAbout(server: number, id: string, type: "query" | "cancel"): void {
    this.#request(server, { server, id, qty: 0, payment: null }, { type, id });
  }

  #charge(server: number, request: Request): void {
    const payment = this.buyers.newPayment(request, this.counterMs);
    if (payment !== null) this.pay(server, payment);
  }

  /** The payment reaches the counter that much after the deadline, or now if that is later. */
  #payAtDeadline(server: number, request: Request, offsetMs: number): void {
    if (request.deadlineMs === null) return;
    this.pass(Math.max(0, request.deadlineMs + offsetMs - this.counterMs));
    this.#charge(server, request);
    this.settleInstant();
    for (let i = this.wire.length; i > 0; i -= 1) this.deliver(0);
  }

  pay(server: number, payment: Payment): void {
    const { id, paymentId } = payment;
    this.#request(server, { server, id, qty: 0, payment }, { type: "pay", id, paymentId });
  }

  /** A server that is down owes nothing: the connection is refused. */
  #request(server: number, debt: Debt, input: Asked): void {
    if (this.servers[server] === null) return;
    this.#give(server, { ...input, handle: this.buyers.owe(debt) });
  }

  #carryOut(server: number, effects: readonly ServerEffect[]): void {
    for (const effect of effects) {
      if (effect.type === "call-counter") {
        const { incarnation } = this.servers[server]!;
        const from = { server, incarnation, op: effect.op };
        this.wire.send({ to: "counter", call: effect.call, from });
      } else if ("handle" in effect) {
        this.buyers.answered(effect, this.counterMs, this.nowMs);
      }
    }
  }

  // ---- The counter and the wire

  run(call: CounterCall): CounterReply {
    const reply = this.#strategy.counter.apply(this.stock, call, this.counterMs);
    this.judge.counterApplied(call, reply, this.nowMs);
    return reply;
  }

  deliver(number: number): void {
    const message = this.wire.take(number);
    if (message === undefined) return;
    const { from } = message;
    if (message.to === "counter") {
      const reply = this.run(message.call);
      this.wire.send({ to: "server", input: { type: "counter-reply", op: from.op, reply }, from });
    } else if (this.servers[from.server]?.incarnation === from.incarnation) {
      this.#give(from.server, message.input);
    }
  }

  #refuse(number: number, error: string): void {
    if (this.wire.peek(number)?.to !== "counter") return;
    const { from } = this.wire.take(number)!;
    this.wire.send({ to: "server", input: { type: "counter-failed", op: from.op, error }, from });
  }

  // ---- The organiser and the workers

  /** A paid ticket is taken back, and its payment refunded. */
  takeBack(id: string): void {
    const { results } = this.run({ script: "refund", epoch: EPOCH, items: [{ id }] });
    if (results[0].code === "OK") this.#takenBack.add(id);
    this.judge.charges.givenUp(id);
  }

  /** Reservations that were taken back, and for which no money went back; when all is recorded. */
  takenBackUnpaid(): string[] {
    const refunded = new Set(this.database.refunds.values());
    return [...this.#takenBack].filter((id) => !refunded.has(id));
  }

  /** The organiser adds tickets, or takes back some that nobody has. */
  resize(by: number): void {
    const expectedTotal = this.judge.rows.total;
    const newTotal = Math.max(1, expectedTotal + by);
    this.run({ script: "resize", epoch: EPOCH, newTotal, expectedTotal });
  }

  sweep(): number {
    const { graceMs, retainMs } = this.config.sale;
    return this.run({ script: "sweep", epoch: EPOCH, limit: 2, graceMs, retainMs }).swept.length;
  }

  /** Events that nobody has recorded yet. */
  get backlog(): number {
    return this.#strategy.counter.outbox?.backlog(this.stock) ?? 0;
  }

  record(dies: boolean): number {
    const { outbox } = this.#strategy.counter;
    if (outbox === null) return 0;
    const claimed = outbox.autoClaim(this.stock, "w1", 0, 5, this.nowMs);
    const events = [...claimed, ...outbox.readGroup(this.stock, "w1", 5, this.nowMs)];
    if (events.length === 0) return 0;
    const refundsBefore = new Set(this.database.refunds.keys());
    applyDatabase(this.database, { call: "record", events });
    for (const [paymentId, id] of this.database.refunds) {
      if (refundsBefore.has(paymentId)) continue;
      this.judge.charges.refunded(paymentId, this.#takenBack.has(id), this.nowMs);
    }
    if (dies) return events.length;
    const positions = events.map(({ position }) => position);
    outbox.ack(this.stock, positions);
    outbox.trim(this.stock);
    return events.length;
  }
}
