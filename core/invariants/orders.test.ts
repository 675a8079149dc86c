import { describe, expect, test } from "vitest";
import type { Order, OrderState } from "../orders/database.ts";
import { createDatabase } from "../orders/database.ts";
import { found } from "../testing/found.ts";
import { HELD, reply, result } from "../testing/replies.ts";
import { Findings } from "./findings.ts";
import { checkOrders } from "./orders.ts";
import { RowModel } from "./rows.ts";

/** A database with these orders of 2 tickets each, `id state`, of which so many count as sold. */
function ordersOf(orders: readonly string[], sold = 0) {
  const database = createDatabase(10);
  for (const text of orders) {
    const [id, state] = text.split(" ") as [string, OrderState];
    const order: Order = { id, state, buyer: "", qty: 2, paymentId: "" };
    database.orders.set(id, order);
  }
  database.sold = sold;
  return database;
}

/** Reservations of one ticket: `h` is held, `c` confirmed, `e` released. */
function rowsOf(ids: string): RowModel {
  const rows = new RowModel(new Findings(), 10);
  let left = 10;
  const item = { qty: 1, buyer: "", ttlMs: 1, maxPerBuyer: 0, requestDeadlineMs: 0 };
  for (const id of ids) {
    left -= 1;
    rows.observe(
      { script: "reserve", epoch: 7, server: "s1", incarnation: 0, items: [{ ...item, id }] },
      reply({ left, results: [result("OK", HELD)] }),
      1,
    );
    const done = reply({ left, results: [result("OK")] });
    const items = [{ id, paymentId: "p" }];
    if (id === "c")
      rows.observe({ script: "confirm", epoch: 7, latePayment: "lazy", items }, done, 2);
    if (id === "e") {
      left += 1;
      rows.observe({ script: "release", epoch: 7, items }, { ...done, left }, 3);
    }
  }
  return rows;
}

function check(
  ids: string,
  orders: readonly string[],
  authority: "counter" | "database" = "counter",
  sold = 0,
): string[] {
  const findings = new Findings();
  checkOrders(rowsOf(ids), ordersOf(orders, sold), authority, findings, 9);
  return found(findings);
}

describe("stock in the counter: an order for each reservation, in the state it has", () => {
  test.each<[string, string[]]>([
    ["", []],
    ["hc", ["h H", "c C"]],
    ["e", ["e X"]],
    ["e", ["e L"]],
    ["e", ["e R"]],
  ])("reservations %j and orders %j agree", (ids, orders) => {
    expect(check(ids, orders)).toEqual([]);
  });

  test.each<[string, string[], string]>([
    ["h", [], "reservation h (held) has no order"],
    ["h", ["h C"], "reservation h is held, its order says C"],
    ["h", ["h X"], "reservation h is held, its order says X"],
    ["c", ["c H"], "reservation c is confirmed, its order says H"],
    ["e", ["e H"], "reservation e is ended, its order says H"],
    ["e", ["e C"], "reservation e is ended, its order says C"],
    ["e", ["e D"], "reservation e is ended, its order says D"],
    ["", ["x H"], "order x has no reservation"],
  ])("reservations %j and orders %j do not", (ids, orders, detail) => {
    expect(check(ids, orders)).toEqual([`one-order at 9: ${detail}`]);
  });
});

describe("stock in the database: the stock row is the sum of the orders", () => {
  test("held and paid orders count, placed and ended ones do not", () => {
    const orders = ["a H", "b C", "c O", "d L", "e D", "f X", "g R"];
    expect(check("", orders, "database", 4)).toEqual([]);
    expect(check("", orders, "database", 3)).toEqual([
      "conservation at 9: the stock row says 3 sold, the orders add up to 4",
    ]);
  });

  test("reservations of a counter are not looked for", () => {
    expect(check("h", [], "database")).toEqual([]);
  });
});
