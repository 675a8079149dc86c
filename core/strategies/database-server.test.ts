import { describe, expect, test } from "vitest";
import type { CancelAnswer, PaymentAnswer } from "../answers.ts";
import type { DatabaseCall, DatabaseReply } from "../orders/calls.ts";
import type { ServerEffect, ServerInput, Strategy } from "../strategy.ts";
import { ack, callDatabase, cancelAnswer, payAnswer, told, tryAgain } from "../testing/effects.ts";
import { buy } from "../testing/engine-scene.ts";
import { CONFIG } from "../testing/rules.ts";
import { NO_COUNTER } from "./database-server.ts";
import { orderFirst } from "./order-first.ts";
import { payFirst } from "./pay-first.ts";

type Code = DatabaseReply["code"];

/** One server of a strategy, and what its inputs make it do. */
class Server {
  readonly #strategy: Strategy;
  readonly #state: unknown;

  constructor(strategy: Strategy) {
    this.#strategy = strategy;
    this.#state = strategy.server.create(CONFIG);
  }

  give(input: ServerInput): readonly ServerEffect[] {
    const out: ServerEffect[] = [];
    this.#strategy.server.step(this.#state, input, 0, out);
    return out;
  }

  replies(op: number, code: Code): readonly ServerEffect[] {
    return this.give({ type: "database-reply", op, reply: { code, left: 1 } });
  }

  fails(op: number, error: string): readonly ServerEffect[] {
    return this.give({ type: "database-failed", op, error });
  }
}

const BUY = buy(1, "a", { qty: 2 });
const PAY: ServerInput = { type: "pay", handle: 1, id: "a", paymentId: "p" };
const CANCEL: ServerInput = { type: "cancel", handle: 1, id: "a" };
const QUERY: ServerInput = { type: "query", handle: 1, id: "a" };

/** A server that was given this input: the database call is operation 1. */
function asked(strategy: Strategy, input: ServerInput): Server {
  const server = new Server(strategy);
  server.give(input);
  return server;
}

describe.each([
  ["order-first", orderFirst, "place-and-deduct", "pay", "hold"],
  ["pay-first", payFirst, "place", "pay-and-deduct", "order"],
] as const)("%s", (name, strategy, placeCall, payCall, claim) => {
  test("keeps its stock in the database", () => {
    expect(strategy).toMatchObject({ name, authority: "database" });
    expect(strategy.summary).toContain(name === "order-first" ? "hoarders" : "charged");
    expect(strategy.counter).toBe(NO_COUNTER);
    expect(strategy.server.quickRefusal).toBe(undefined);
  });

  test.each<[string, ServerInput, DatabaseCall]>([
    ["an order", BUY, { call: placeCall, id: "a", buyer: "b1", qty: 2, maxPerBuyer: 4 }],
    ["a payment", PAY, { call: payCall, id: "a", paymentId: "p" }],
    ["a cancellation", CANCEL, { call: "cancel", id: "a" }],
    ["a query", QUERY, { call: "settle", id: "a" }],
  ])("%s is one transaction", (_what, input, call) => {
    expect(new Server(strategy).give(input)).toEqual([callDatabase(1, call)]);
  });

  test.each<[Code, ServerEffect]>([
    ["OK", ack(1, "a", { claim })],
    ["DUP", ack(1, "a", { claim })],
    ["PAID", ack(1, "a", { claim, paid: true })],
    ["SOLDOUT", told(1, "a", "SOLDOUT")],
    ["USERLIMIT", told(1, "a", "USERLIMIT")],
    ["GONE", tryAgain(1, "a", "id-spent")],
    ["NOSUCH", tryAgain(1, "a", "id-spent")],
  ])("who buys or asks is told %s as it is", (code, effect) => {
    for (const input of [BUY, QUERY])
      expect(asked(strategy, input).replies(1, code)).toEqual([effect]);
  });

  test.each<[Code, PaymentAnswer]>([
    ["PAID", "PAID"],
    ["PAYMENTCONFLICT", "PAYMENTCONFLICT"],
    ["REFUND", "REFUND"],
    ["GONE", "REFUND"],
  ])("a payment that is %s: %s", (code, answer) => {
    expect(asked(strategy, PAY).replies(1, code)).toEqual([payAnswer(1, answer)]);
  });

  test.each<[Code, CancelAnswer]>([
    ["OK", "CANCELLED"],
    ["NOSUCH", "CANCELLED"],
    ["GONE", "CANCELLED"],
    ["CONFIRMED", "CONFIRMED"],
    ["PAID", "CONFIRMED"],
  ])("a cancellation that is %s: %s", (code, answer) => {
    expect(asked(strategy, CANCEL).replies(1, code)).toEqual([cancelAnswer(1, answer)]);
  });

  test.each<[string, ServerInput, string, ServerEffect]>([
    ["an order without a connection", BUY, "53300", tryAgain(1, "a", "unreachable")],
    ["an order that timed out", BUY, "TIMEOUT", told(1, "a", "UNKNOWN")],
    ["a query without a connection", QUERY, "53300", tryAgain(1, "a", "unreachable")],
    ["a query that timed out", QUERY, "TIMEOUT", told(1, "a", "UNKNOWN")],
    ["a payment without a connection", PAY, "53300", payAnswer(1, "TRYAGAIN")],
    ["a payment that timed out", PAY, "TIMEOUT", payAnswer(1, "TRYAGAIN")],
    ["a cancellation without a connection", CANCEL, "53300", cancelAnswer(1, "TRYAGAIN")],
    ["a cancellation that timed out", CANCEL, "TIMEOUT", cancelAnswer(1, "TRYAGAIN")],
  ])("%s is told so", (_what, input, error, effect) => {
    expect(asked(strategy, input).fails(1, error)).toEqual([effect]);
  });
});

describe("a server on the database", () => {
  test("answers each call once, by its number", () => {
    const server = asked(orderFirst, BUY);
    server.give({ ...BUY, handle: 2, id: "b" } as ServerInput);
    expect(server.replies(2, "SOLDOUT")).toEqual([told(2, "b", "SOLDOUT")]);
    expect(server.replies(2, "OK")).toEqual([]);
    expect(server.fails(2, "TIMEOUT")).toEqual([]);
    expect(server.fails(1, "TIMEOUT")).toEqual([told(1, "a", "UNKNOWN")]);
    expect(server.replies(1, "OK")).toEqual([]);
  });

  test("tells who comes when waitingMax calls are under way to try again", () => {
    const server = new Server(orderFirst);
    for (let handle = 1; handle <= 5; handle += 1)
      expect(server.give(buy(handle, `r${handle}`))).toHaveLength(1);
    expect(server.give(buy(6, "a"))).toEqual([tryAgain(6, "a", "overload")]);
    expect(server.give(PAY)).toHaveLength(1);
    server.replies(1, "OK");
    server.replies(2, "OK");
    expect(server.give(buy(7, "b"))).toHaveLength(1);
  });

  test("takes no more orders when it drains, but settles the others", () => {
    const server = new Server(orderFirst);
    expect(server.give({ type: "drain" })).toEqual([]);
    expect(server.give(BUY)).toEqual([tryAgain(1, "a", "draining")]);
    expect(server.give(PAY)).toHaveLength(1);
  });

  test("needs no start, flush or timer", () => {
    const server = new Server(payFirst);
    for (const input of [
      { type: "start" },
      { type: "flush" },
      { type: "timer", timer: "settle" },
    ] as const)
      expect(server.give(input)).toEqual([]);
  });

  test("has no counter", () => {
    expect(NO_COUNTER.create()).toBe(null);
    expect(NO_COUNTER.outbox).toBe(null);
    expect(() => NO_COUNTER.apply(null, { script: "audit" }, 0)).toThrow(
      "this strategy has no counter, yet audit was called",
    );
    expect(() => NO_COUNTER.audit(null)).toThrow("this strategy has no counter to audit");
  });
});
