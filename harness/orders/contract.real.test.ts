import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { applyDatabase, createDatabase } from "../../core/orders/database.ts";
import { OrderStore } from "./order-store.ts";
import { callsOfASale } from "./testing/calls.ts";
import { DATABASES, TestDatabases } from "./testing/databases.ts";

/**
 * Every call with every code that it can be answered with, and the statements it can cost: those
 * tell the ways to one code apart, as PAID for a held order (2) and for one without stock (3).
 */
const ANSWERS = {
  record: ["OK 1", "OK 2"],
  "place-and-deduct": ["OK 2", "DUP 2", "PAID 2", "GONE 2", "SOLDOUT 2", "USERLIMIT 2"],
  place: ["OK 2", "DUP 2", "PAID 2", "GONE 2", "SOLDOUT 2", "USERLIMIT 2"],
  pay: ["PAID 2", "PAID 3", "REFUND 2", "REFUND 3", "PAYMENTCONFLICT 2"],
  "pay-and-deduct": ["PAID 2", "PAID 3", "REFUND 2", "REFUND 3", "PAYMENTCONFLICT 2"],
  cancel: ["OK 1", "OK 2", "CONFIRMED 1", "NOSUCH 2"],
  settle: ["DUP 1", "PAID 1", "GONE 1", "NOSUCH 1"],
};

const BOOKS = 20;
const SEED = 1;
const TICKETS = 16;

const databases = new TestDatabases();
afterAll(() => databases.close());

describe.each(DATABASES)("the order book in %s", (database) => {
  test("answers, costs and keeps what the model does", { timeout: 240_000 }, async () => {
    const seen = new Set<string>();
    for (let book = 0; book < BOOKS; book += 1) {
      const [calls] = fc.sample(callsOfASale, { seed: SEED + book, numRuns: 1 });
      const model = createDatabase(TICKETS);
      const store = new OrderStore(await databases.open(database, TICKETS), 0);
      for (const [i, call] of calls.entries()) {
        const before = store.statements;
        const expected = applyDatabase(model, call);
        const reply = await store.call(call);
        const { statements } = store;
        const where = `book ${book}, call ${i}: ${JSON.stringify(call)}`;
        expect({ where, reply, statements }).toEqual({
          where,
          reply: expected,
          statements: model.statements,
        });
        seen.add(`${call.call} ${reply.code} ${statements - before}`);
        if (i % 50 === 49) expect(await store.dump()).toEqual(model);
      }
      expect(store.stockLog.at(-1)?.left).toBe(model.total - model.sold);
    }
    const expected = Object.entries(ANSWERS).flatMap(([call, codes]) =>
      codes.map((code) => `${call} ${code}`),
    );
    expect([...seen].toSorted()).toEqual(expected.toSorted());
  });
});
