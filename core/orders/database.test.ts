import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OutboxEvent } from "../counter/calls.ts";
import type { DatabaseCall, DatabaseReply } from "./calls.ts";
import type { Order, OrderDatabase, OrderState } from "./database.ts";
import { applyDatabase, createDatabase } from "./database.ts";

type Code = DatabaseReply["code"];

function event(kind: OutboxEvent["kind"], id: string, paymentId = ""): OutboxEvent {
  return { position: "1", kind, id, qty: 2, buyer: "b1", paymentId };
}

function order(state: OrderState, more: Partial<Order> = {}): Order {
  return { id: "a", state, buyer: "b1", qty: 2, paymentId: "", ...more };
}

const place = (id: string, qty = 2, buyer = "b1", maxPerBuyer = 0): DatabaseCall => ({
  call: "place",
  id,
  buyer,
  qty,
  maxPerBuyer,
});
const deduct = (id: string, qty = 2, buyer = "b1", maxPerBuyer = 0): DatabaseCall => ({
  call: "place-and-deduct",
  id,
  buyer,
  qty,
  maxPerBuyer,
});
const pay = (id: string, paymentId: string): DatabaseCall => ({ call: "pay", id, paymentId });
const cancel = (id: string): DatabaseCall => ({ call: "cancel", id });
const settle = (id: string): DatabaseCall => ({ call: "settle", id });

/** A database of 10 tickets after these calls. */
function after(...calls: readonly DatabaseCall[]): OrderDatabase {
  const db = createDatabase(10);
  for (const call of calls) applyDatabase(db, call);
  return db;
}

/** Everything of the database that a call changes, with its reply. */
function run(db: OrderDatabase, call: DatabaseCall) {
  const statementsBefore = db.statements;
  const { code, left } = applyDatabase(db, call);
  const { sold, confirmed } = db;
  const statements = db.statements - statementsBefore;
  return { code, left, sold, confirmed, statements };
}

const recorded = (...events: OutboxEvent[]): OrderDatabase => after({ call: "record", events });

test("a new database is empty and has everything to sell", () => {
  expect(createDatabase(10)).toEqual({
    orders: new Map(),
    refunds: new Map(),
    payments: new Map(),
    unitsByBuyer: new Map(),
    total: 10,
    sold: 0,
    confirmed: 0,
    statements: 0,
  });
});

describe("record", () => {
  test("inserts an order as its event has it", () => {
    const db = createDatabase(10);
    expect(run(db, { call: "record", events: [event("C", "a", "p")] })).toEqual({
      code: "OK",
      left: 10,
      sold: 0,
      confirmed: 0,
      statements: 1,
    });
    expect([...db.orders]).toEqual([["a", order("C", { paymentId: "p" })]]);
    expect(db.refunds.size).toBe(0);
  });

  test.each<[string, OrderState]>([
    ["H H", "H"],
    ["H X", "X"],
    ["H L", "L"],
    ["H C", "C"],
    ["H C R", "R"],
    ["X C", "C"],
    ["C X", "C"],
    ["C L", "C"],
    ["L C", "L"],
    ["X L", "X"],
    ["L X", "L"],
    ["R C", "R"],
    ["R X", "R"],
    ["X R", "R"],
    ["X H", "X"],
    ["L H", "L"],
    ["C H", "C"],
    ["R H", "R"],
  ])("the events %s leave the state %s: an order only moves up", (kinds, state) => {
    const events = kinds.split(" ").map((kind) => event(kind as OrderState & "H", "a"));
    expect(recorded(...events).orders.get("a")).toEqual(order(state));
  });

  test("keeps the payment, whatever comes without one, and takes a newer one", () => {
    const db = recorded(event("C", "a", "p"), event("H", "a"), event("R", "a"));
    expect(db.orders.get("a")).toEqual(order("R", { paymentId: "p" }));
    const late = recorded(event("R", "a"), event("C", "a", "p"));
    expect(late.orders.get("a")).toEqual(order("R", { paymentId: "p" }));
  });

  test("a refund is on the books once for each payment, and is no order", () => {
    const db = recorded(event("refund", "a", "p"), event("refund", "b", "p"));
    applyDatabase(db, { call: "record", events: [event("refund", "a", "q")] });
    expect([...db.refunds]).toEqual([
      ["p", "a"],
      ["q", "a"],
    ]);
    expect(db.orders.size).toBe(0);
  });

  test("costs a statement for the orders, and one more if there are refunds", () => {
    const events = [event("H", "a"), event("refund", "a", "p"), event("refund", "a", "q")];
    expect(run(createDatabase(10), { call: "record", events }).statements).toBe(2);
  });

  test("the order of the events of different reservations, and repetition, change nothing", () => {
    const story = ["H a", "C a", "H b", "X b", "refund b", "H c", "L c", "H d", "C d", "R d"];
    const events = story.map((text) => {
      const [kind, id] = text.split(" ") as [OutboxEvent["kind"], string];
      return event(kind, id, kind === "refund" ? `p-${id}` : "");
    });
    const states = (db: OrderDatabase): unknown => [
      [...db.orders.values()].map(({ id, state }) => `${id} ${state}`).toSorted(),
      [...db.refunds],
    ];
    const noted = states(recorded(...events));
    const again = fc.array(fc.constantFrom(...events), { maxLength: 10 });
    fc.assert(
      fc.property(again, fc.shuffledSubarray(events, { minLength: 10 }), (repeated, shuffled) => {
        expect(states(recorded(...repeated, ...shuffled))).toEqual(noted);
      }),
      { seed: 12306 },
    );
  });
});

describe("placing an order", () => {
  test("deducts the stock with it, for order-first", () => {
    const db = createDatabase(10);
    expect(run(db, deduct("a"))).toEqual({
      code: "OK",
      left: 8,
      sold: 2,
      confirmed: 0,
      statements: 2,
    });
    expect([...db.orders]).toEqual([["a", order("H")]]);
    expect([...db.unitsByBuyer]).toEqual([["b1", 2]]);
  });

  test("deducts nothing, for pay-first", () => {
    const db = createDatabase(10);
    expect(run(db, place("a"))).toEqual({
      code: "OK",
      left: 10,
      sold: 0,
      confirmed: 0,
      statements: 2,
    });
    expect([...db.orders]).toEqual([["a", order("O")]]);
  });

  test.each([deduct, place])("sells to the last ticket and not beyond", (call) => {
    const db = after(deduct("x", 7));
    expect(run(db, call("a", 4)).code).toBe("SOLDOUT");
    expect(db.orders.size).toBe(1);
    expect(db.unitsByBuyer.get("b1")).toBe(7);
    expect(run(db, call("a", 3)).code).toBe("OK");
  });

  test("a buyer's orders count together, up to the limit", () => {
    const db = after(deduct("x", 2, "b1", 3));
    expect(run(db, deduct("a", 2, "b1", 3))).toEqual({
      code: "USERLIMIT",
      left: 8,
      sold: 2,
      confirmed: 0,
      statements: 2,
    });
    expect(run(db, place("a", 1, "b1", 3)).code).toBe("OK");
    expect(run(db, place("b", 1, "b1", 3)).code).toBe("USERLIMIT");
    expect(run(db, place("b", 3, "b2", 3)).code).toBe("OK");
    expect([...db.unitsByBuyer]).toEqual([
      ["b1", 3],
      ["b2", 3],
    ]);
  });

  test("a limit of one", () => {
    const db = after(deduct("x", 1, "b1", 1));
    expect(run(db, deduct("a", 1, "b1", 1)).code).toBe("USERLIMIT");
  });

  test("no limit for 0, nor for whom nobody knows", () => {
    const db = after(deduct("x", 4, "b1", 0));
    expect(run(db, deduct("y", 4, "", 1)).code).toBe("OK");
    expect(run(db, place("a", 1, "", 1)).code).toBe("OK");
    expect(run(db, place("b", 1, "b1", 0)).code).toBe("OK");
    expect([...db.unitsByBuyer]).toEqual([["b1", 5]]);
  });

  test.each<[string, DatabaseCall[], Code]>([
    ["held", [deduct("a")], "DUP"],
    ["placed", [place("a")], "DUP"],
    ["paid", [deduct("a"), pay("a", "p")], "PAID"],
    ["cancelled", [deduct("a"), cancel("a")], "GONE"],
    ["a tombstone", [settle("a")], "GONE"],
  ])("again, when it is %s", (_what, before, code) => {
    const db = after(...before, deduct("rest", 8));
    const { sold } = db;
    expect(run(db, deduct("a"))).toMatchObject({ code, sold, statements: 2 });
  });
});

describe("paying", () => {
  test("confirms a held order", () => {
    const db = after(deduct("a"));
    expect(run(db, pay("a", "p"))).toEqual({
      code: "PAID",
      left: 8,
      sold: 2,
      confirmed: 2,
      statements: 2,
    });
    expect(db.orders.get("a")).toEqual(order("C", { paymentId: "p" }));
    expect(db.refunds.size).toBe(0);
  });

  test("deducts an order that has no stock yet", () => {
    const db = after(deduct("x", 8), place("a"));
    const call = { call: "pay-and-deduct", id: "a", paymentId: "p" } as const;
    expect(run(db, call)).toEqual({ code: "PAID", left: 0, sold: 10, confirmed: 2, statements: 3 });
    expect(db.orders.get("a")).toEqual(order("C", { paymentId: "p" }));
  });

  test("is in vain, and refunded, if the stock went meanwhile", () => {
    const db = after(place("a"), deduct("x", 9, "b2"));
    expect(run(db, pay("a", "p"))).toEqual({
      code: "REFUND",
      left: 1,
      sold: 9,
      confirmed: 0,
      statements: 3,
    });
    expect(db.orders.get("a")).toEqual(order("L"));
    expect([...db.refunds]).toEqual([["p", "a"]]);
  });

  test.each<[string, DatabaseCall[], OrderState | undefined]>([
    ["nothing", [], undefined],
    ["a cancelled order", [deduct("a"), cancel("a")], "L"],
    ["a paid order", [deduct("a"), pay("a", "first")], "C"],
    ["a tombstone", [settle("a")], "D"],
  ])("for %s is refunded and changes nothing else", (_what, before, state) => {
    const db = after(...before);
    const { sold, confirmed } = db;
    expect(run(db, pay("a", "p"))).toEqual({
      code: "REFUND",
      left: 10 - sold,
      sold,
      confirmed,
      statements: 2,
    });
    expect(db.orders.get("a")?.state).toBe(state);
    expect([...db.refunds]).toEqual([["p", "a"]]);
  });

  test.each<[string, DatabaseCall[], Code]>([
    ["PAID", [deduct("a"), pay("a", "p")], "PAID"],
    ["REFUND", [pay("a", "p")], "REFUND"],
  ])("delivered again it is %s as at first, with no effect", (_what, before, code) => {
    const db = after(...before);
    const { sold, confirmed } = db;
    const refunds = new Map(db.refunds);
    expect(run(db, pay("a", "p"))).toMatchObject({ code, sold, confirmed, statements: 2 });
    expect(db.refunds).toEqual(refunds);
  });

  test("one payment is good for one order", () => {
    const db = after(deduct("a"), deduct("b"), pay("a", "p"));
    expect(run(db, pay("b", "p"))).toMatchObject({ code: "PAYMENTCONFLICT", confirmed: 2 });
    expect(db.orders.get("b")!.state).toBe("H");
    expect(db.refunds.size).toBe(0);
  });
});

describe("cancelling", () => {
  test("an order without a buyer's name counts against nobody, before and after", () => {
    const db = after(deduct("a", 2, ""), cancel("a"));
    expect(db.unitsByBuyer).toEqual(new Map());
  });

  test("gives the stock of a held order back, and the buyer's count", () => {
    const db = after(deduct("a"), deduct("b", 1));
    expect(run(db, cancel("a"))).toEqual({
      code: "OK",
      left: 9,
      sold: 1,
      confirmed: 0,
      statements: 2,
    });
    expect(db.orders.get("a")!.state).toBe("L");
    expect(db.unitsByBuyer.get("b1")).toBe(1);
  });

  test("of an order without stock gives back the buyer's count alone", () => {
    const db = after(place("a"), deduct("b", 1));
    expect(run(db, cancel("a"))).toMatchObject({ code: "OK", sold: 1, statements: 1 });
    expect(db.orders.get("a")!.state).toBe("L");
    expect(db.unitsByBuyer.get("b1")).toBe(1);
  });

  test("again does nothing", () => {
    const db = after(deduct("a"), cancel("a"));
    expect(run(db, cancel("a"))).toMatchObject({ code: "OK", sold: 0, statements: 1 });
    expect(db.unitsByBuyer.get("b1")).toBe(0);
  });

  test("comes too late for a paid order", () => {
    const db = after(deduct("a"), pay("a", "p"));
    expect(run(db, cancel("a"))).toMatchObject({ code: "CONFIRMED", sold: 2, statements: 1 });
    expect(db.orders.get("a")!.state).toBe("C");
  });

  test("of what never was leaves a tombstone, so that it cannot come later", () => {
    const db = createDatabase(10);
    expect(run(db, cancel("a"))).toMatchObject({ code: "NOSUCH", statements: 2 });
    expect(run(db, deduct("a"))).toMatchObject({ code: "GONE", sold: 0 });
  });
});

describe("settling", () => {
  test.each<[string, DatabaseCall[], Code, OrderState]>([
    ["held", [deduct("a")], "DUP", "H"],
    ["placed", [place("a")], "DUP", "O"],
    ["paid", [deduct("a"), pay("a", "p")], "PAID", "C"],
    ["cancelled", [deduct("a"), cancel("a")], "GONE", "L"],
    ["a tombstone", [settle("a")], "GONE", "D"],
    ["nothing: from now on it is a tombstone", [], "NOSUCH", "D"],
  ])("tells that it is %s", (_what, before, code, state) => {
    const db = after(...before);
    const { sold } = db;
    expect(run(db, settle("a"))).toMatchObject({ code, sold, statements: 1 });
    expect(db.orders.get("a")!.state).toBe(state);
  });

  test("a tombstone is nobody's and has no tickets", () => {
    expect(after(settle("a")).orders.get("a")).toEqual(order("D", { buyer: "", qty: 0 }));
  });
});

test("a refused payment under pay-first frees its buyer's limit", () => {
  const db = createDatabase(1);
  const place = (id: string, buyer: string): string =>
    applyDatabase(db, { call: "place", id, buyer, qty: 1, maxPerBuyer: 1 }).code;
  const pay = (id: string): string =>
    applyDatabase(db, { call: "pay-and-deduct", id, paymentId: `p-${id}` }).code;
  expect([place("a", "first"), place("b", "second"), pay("b"), pay("a")]).toEqual([
    "OK",
    "OK",
    "PAID",
    "REFUND",
  ]);
  expect(db.unitsByBuyer.get("first")).toBe(0);
});
