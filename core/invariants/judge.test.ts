import { describe, expect, test } from "vitest";
import type { CounterCall, CounterReply, ItemCode, ItemResult } from "../counter/calls.ts";
import { createDatabase } from "../orders/database.ts";
import type { Order, OrderDatabase } from "../orders/database.ts";
import { ack, told, tryAgain } from "../testing/effects.ts";
import { found } from "../testing/found.ts";
import { HELD, reply, result } from "../testing/replies.ts";
import type { ServerEffect } from "../strategy.ts";
import { Judge } from "./judge.ts";

const CONFIG = {
  tickets: 2,
  graceMs: 500,
  refillBoundMs: 100,
  replyBoundMs: 50,
  authority: "counter",
} as const;

type AnswerEffect = Extract<ServerEffect, { type: "answer" }>;

/** A judge of a sale of 2 tickets, and the ways to feed it. */
class Court {
  readonly judge: Judge;
  #left = 2;

  constructor(authority: "counter" | "database" = "counter") {
    this.judge = new Judge({ ...CONFIG, authority });
  }

  /** The counter answers one item so; `freed` tickets come back by it. */
  runs(call: CounterCall, code: ItemCode, freed: number, atMs: number, row: object = {}): this {
    this.#left += freed;
    const results: ItemResult[] = [result(code, row)];
    this.judge.counterApplied(call, reply({ left: this.#left, results }), atMs);
    return this;
  }

  reserves(id: string, atMs: number): this {
    const item = { id, qty: 1, buyer: "", ttlMs: 1, maxPerBuyer: 0, requestDeadlineMs: 0 };
    const call = { script: "reserve", epoch: 7, server: "s1", incarnation: 0 } as const;
    return this.runs({ ...call, items: [item] }, "OK", -1, atMs, HELD);
  }

  confirms(id: string, atMs: number): this {
    const items = [{ id, paymentId: `p-${id}` }];
    return this.runs({ script: "confirm", epoch: 7, latePayment: "lazy", items }, "OK", 0, atMs);
  }

  frees(script: "release" | "refund", id: string, atMs: number, code: ItemCode = "OK"): this {
    const freed = code === "OK" ? 1 : 0;
    return this.runs({ script, epoch: 7, items: [{ id }] }, code, freed, atMs);
  }

  sweeps(id: string, atMs: number): this {
    this.#left += 1;
    const swept: CounterReply = reply({
      left: this.#left,
      timeMs: HELD.deadlineMs! + 500,
      swept: [{ id, qty: 1 }],
    });
    const call = { script: "sweep", epoch: 7, limit: 9, graceMs: 500, retainMs: 1 } as const;
    this.judge.counterApplied(call, swept, atMs);
    return this;
  }

  tells(effect: ServerEffect, atMs: number, qty = 1): this {
    this.judge.answered(effect as AnswerEffect, qty, atMs);
    return this;
  }

  /** The last checks, with this order book. */
  ends(atMs: number, orders: readonly Order[] = [], drained = true): string[] {
    const database: OrderDatabase = createDatabase(2);
    for (const order of orders) database.orders.set(order.id, order);
    this.judge.finish(database, drained, atMs);
    return this.found;
  }

  get found(): string[] {
    return found(this.judge.findings);
  }
}

const order = (id: string, state: Order["state"]): Order => ({
  id,
  state,
  buyer: "",
  qty: 1,
  paymentId: "",
});

describe("acknowledgements", () => {
  test("of tickets that there are", () => {
    const court = new Court().reserves("a", 1).tells(ack(1, "a"), 2);
    court.reserves("b", 3).tells(ack(2, "b"), 4);
    expect(court.ends(9, [order("a", "H"), order("b", "H")])).toEqual([]);
    expect(court.judge.claims.acked).toBe(2);
  });

  test("of more than there are", () => {
    const court = new Court();
    for (const id of ["a", "b", "c"]) court.tells(ack(1, id), 5);
    expect(court.found).toEqual([
      "no-oversell at 5: c made it 3 acknowledged and 0 confirmed of 2",
    ]);
  });

  test("by the quantity that was asked for", () => {
    expect(new Court().tells(ack(1, "a"), 5, 3).found).toHaveLength(1);
  });

  test("of an order promise nothing: the stock goes at payment", () => {
    const court = new Court("database");
    for (const id of ["a", "b", "c"]) court.tells(ack(1, id, { claim: "order" }), 5);
    expect(court.found).toEqual([]);
    expect(court.judge.claims.acked).toBe(0);
  });

  test.each(["release", "sweep"] as const)(
    "of what a %s took back while they were on their way",
    (how) => {
      const court = new Court().reserves("a", 1);
      if (how === "sweep") court.sweeps("a", 10);
      else court.frees("release", "a", 10);
      court.tells(ack(1, "a"), 60);
      expect(court.found).toEqual([]);
      expect(court.judge.claims.acked).toBe(0);
      expect(court.tells(ack(1, "a"), 60.5).found).toEqual([
        "no-oversell at 60.5: a was acknowledged 50.5 ms after its ticket was taken back",
      ]);
    },
  );

  test.each([
    ["an expiry", (court: Court) => court.sweeps("a", 3)],
    ["a release", (court: Court) => court.frees("release", "a", 3)],
    ["a refund", (court: Court) => court.confirms("a", 2).frees("refund", "a", 3)],
    ["the buyer's own word", (court: Court) => (court.judge.cancelled("a"), court)],
  ])("%s ends the claim: the ticket can be sold again", (_what, ends) => {
    const court = new Court().reserves("a", 1).tells(ack(1, "a"), 2);
    ends(court).tells(ack(2, "b"), 4).tells(ack(3, "c"), 4);
    expect(court.found).toEqual([]);
  });

  /** The order database, as the authority, cancels `a` at 3, and again at 20. */
  function cancelledByDatabase(code: "OK" | "CONFIRMED"): Court {
    const court = new Court("database");
    for (const atMs of [3, 20])
      court.judge.databaseApplied({ call: "cancel", id: "a" }, { code, left: 1 }, atMs);
    return court;
  }

  test("the order database's cancellation ends the claim, whatever its buyer hears", () => {
    const court = new Court("database").tells(ack(1, "a"), 2);
    court.judge.databaseApplied({ call: "cancel", id: "a" }, { code: "OK", left: 1 }, 3);
    court.tells(ack(2, "b"), 4).tells(ack(3, "c"), 4);
    expect(court.found).toEqual([]);
  });

  test("of an order that the database has cancelled meanwhile are void, and soon forbidden", () => {
    const court = cancelledByDatabase("OK").tells(ack(1, "a"), 53);
    expect(court.found).toEqual([]);
    expect(court.judge.claims.acked).toBe(0);
    expect(court.tells(ack(1, "a"), 53.5).found).toHaveLength(1);
  });

  test("of an order that the database did not cancel count", () => {
    expect(cancelledByDatabase("CONFIRMED").tells(ack(1, "a"), 90).judge.claims.acked).toBe(1);
  });

  test("a release that was refused ends nothing", () => {
    const court = new Court().reserves("a", 1).tells(ack(1, "a"), 2).confirms("a", 2);
    court.frees("release", "a", 3, "CONFIRMED").tells(ack(2, "b"), 4).tells(ack(3, "c"), 4);
    expect(court.found).toEqual([
      "no-oversell at 4: c made it 3 acknowledged and 0 confirmed of 2",
    ]);
  });

  test("of a paid ticket", () => {
    const court = new Court().tells(ack(1, "a", { paid: true }), 2);
    expect(court.judge.claims.confirmed).toBe(1);
  });
});

describe("the stock", () => {
  test("that the counter tells is what a refusal is measured by", () => {
    const court = new Court().reserves("a", 1).reserves("b", 2);
    court.tells(told(1, "c", "SOLDOUT"), 3);
    expect(court.judge.demand.falseSoldOut).toBe(0);
    court.sweeps("a", 10).tells(told(1, "d", "SOLDOUT"), 111);
    expect(court.judge.demand.falseSoldOut).toBe(1);
    expect(court.found).toEqual([
      "latch at 111: SOLDOUT was said with 1 free, 1 of them for 101.0 ms (bound 100 ms)",
    ]);
  });

  test("a refusal is of so many tickets", () => {
    expect(new Court().tells(told(1, "c", "SOLDOUT"), 3, 3).judge.demand.falseSoldOut).toBe(0);
  });

  test("that a script's error tells is nothing", () => {
    const court = new Court();
    court.judge.counterApplied({ script: "audit" }, reply({ error: "NOEVENT", left: 0 }), 1);
    expect(court.tells(told(1, "c", "SOLDOUT"), 3).judge.demand.falseSoldOut).toBe(1);
  });

  test("comes back as the counter says, one by one", () => {
    const court = new Court().reserves("a", 1).reserves("b", 2).sweeps("a", 10).sweeps("b", 20);
    court.tells(told(1, "c", "SOLDOUT"), 25, 2);
    expect(court.judge.demand.falseSoldOut).toBe(1);
  });

  test("may be the database's", () => {
    const court = new Court("database");
    const deduct = {
      call: "place-and-deduct",
      id: "a",
      buyer: "b",
      qty: 1,
      maxPerBuyer: 0,
    } as const;
    court.judge.databaseApplied(deduct, { code: "OK", left: 0 }, 1);
    expect(court.tells(told(1, "c", "SOLDOUT"), 3).judge.demand.falseSoldOut).toBe(0);
    court.judge.databaseApplied({ call: "cancel", id: "a" }, { code: "OK", left: 1 }, 4);
    expect(court.tells(told(1, "c", "SOLDOUT"), 5).judge.demand.falseSoldOut).toBe(1);
  });

  test("free to the end while buyers left without: undersold", () => {
    const court = new Court().reserves("a", 1);
    court.judge.demand.refusedForGood(200);
    expect(court.ends(300, [order("a", "H")])).toEqual([
      "no-undersell at 300: 1 tickets stayed free while at least as many in-limit buyers left without one",
    ]);
  });
});

describe("payments", () => {
  const charge = (court: Court, paymentId = "p"): Court => {
    court.judge.charges.charged(paymentId, "a", HELD.deadlineMs! - 1, HELD.deadlineMs!);
    return court;
  };
  const answer = (
    court: Court,
    code: "PAID" | "REFUND" | "PAYMENTCONFLICT",
    atMs: number,
    paymentId = "p",
  ): Court => {
    court.judge.chargeAnswered(paymentId, "a", code, HELD.deadlineMs!, atMs);
    return court;
  };
  const held = (): Court => new Court().reserves("a", 1).tells(ack(1, "a"), 2);

  test("confirm what was acknowledged", () => {
    const court = answer(charge(held()).confirms("a", 3), "PAID", 4);
    expect(court.judge.claims.confirmed).toBe(1);
    expect(court.ends(9, [order("a", "C")])).toEqual([]);
  });

  test.each(["REFUND", "PAYMENTCONFLICT"] as const)("that are %s confirm nothing", (code) => {
    expect(answer(charge(held()), code, 4).judge.claims.confirmed).toBe(0);
  });

  test("in time and in vain", () => {
    expect(answer(charge(held()), "REFUND", 4).found).toEqual([
      "no-charge-in-vain at 4: payment p was charged in time for a and confirmed nothing",
    ]);
  });

  test.each<["release" | "refund", string[]]>([
    ["release", []],
    [
      "refund",
      ["no-charge-in-vain at 4: payment p was charged in time for a and confirmed nothing"],
    ],
  ])("for what its buyer gave up are not in vain: a %s", (how, findings) => {
    const court = held();
    if (how === "refund") court.confirms("a", 2);
    court.frees(how, "a", 3);
    expect(answer(charge(court), "REFUND", 4).found).toEqual(findings);
  });

  test("that come second are not in vain, whether the first was told yet or not", () => {
    const untold = charge(held(), "q").confirms("a", 3);
    expect(answer(charge(untold), "REFUND", 4).found).toEqual([]);
    const toldFirst = answer(charge(charge(held()), "q"), "PAID", 3, "q");
    expect(answer(toldFirst, "REFUND", 4).found).toEqual([]);
  });

  test("that were kept for nothing: judged when the outbox is empty", () => {
    const kept = (): Court => answer(charge(held(), "q").confirms("a", 3), "REFUND", 4, "q");
    expect(kept().ends(9, [order("a", "C")])).toEqual([
      "one-refund at 9: payment q confirmed nothing and has 0 refunds",
    ]);
    expect(kept().ends(9, [order("a", "C")], false)).toEqual([]);
  });
});

describe("unknown outcomes", () => {
  test.each<[string, ServerEffect]>([
    ["a ticket", ack(1, "a")],
    ["a refusal", told(1, "a", "SOLDOUT")],
    ["a limit", told(1, "a", "USERLIMIT")],
    ["try again", tryAgain(1, "a", "id-spent")],
  ])("are resolved by any other answer: %s", (_what, effect) => {
    const court = new Court().tells(told(1, "a", "UNKNOWN"), 1);
    court.judge.leftUnknown("b");
    expect(court.judge.unknownIds()).toEqual(["a", "b"]);
    court.tells(effect, 2);
    expect(court.judge.unknownIds()).toEqual(["b"]);
  });

  test("are found at the end", () => {
    const court = new Court().tells(told(1, "a", "UNKNOWN"), 1);
    court.judge.leftUnknown("b");
    expect(court.ends(9)).toEqual([
      "unknown-resolved at 9: 2 outcomes are still unknown after healing, of a for one",
    ]);
    const one = new Court().tells(told(1, "a", "UNKNOWN"), 1);
    expect(one.ends(9)).toEqual([
      "unknown-resolved at 9: 1 outcomes are still unknown after healing, of a for one",
    ]);
  });
});

describe("the order book", () => {
  test("is compared when the outbox is empty", () => {
    const court = new Court().reserves("a", 1);
    expect(court.ends(8, [], false)).toEqual([]);
    expect(court.ends(9, [])).toEqual(["one-order at 9: reservation a (held) has no order"]);
  });

  test("is compared in any case, where it is the authority", () => {
    expect(new Court("database").ends(9, [order("a", "H")], false)).toEqual([
      "conservation at 9: the stock row says 0 sold, the orders add up to 1",
    ]);
  });
});

test("an audit is compared with what the counter answered", () => {
  const court = new Court().reserves("a", 1);
  const sums = { total: 2, sold: 1, heldUnits: 1, confirmedUnits: 0, heldRows: 1, deadlines: 1 };
  court.judge.audit({ ...sums, buyerUnits: 0, namedUnits: 0 }, 8);
  expect(court.found).toEqual([]);
  court.judge.audit({ ...sums, deadlines: 0, buyerUnits: 0, namedUnits: 0 }, 9);
  expect(court.found).toEqual(["conservation at 9: an audit reads deadlines 0 instead of 1"]);
});

test("a sale that grows may sell more", () => {
  const court = new Court();
  const call = { script: "resize", epoch: 7, newTotal: 3, expectedTotal: 2 } as const;
  court.judge.counterApplied(call, reply({ left: 3 }), 1);
  for (const id of ["a", "b", "c"]) court.tells(ack(1, id), 5);
  expect(court.found).toEqual([]);
});

test.each(["release", "refund"] as const)("a %s that the counter found malformed", (script) => {
  const judge = new Judge(CONFIG);
  const items = [{ id: "a" }];
  judge.counterApplied({ script, epoch: 7, items }, reply({ error: "BADARG" }), 1);
  expect(found(judge.findings)).toEqual([]);
});
