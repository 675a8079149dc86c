import pg from "pg";
import { afterAll, describe, expect, test } from "vitest";
import type { OutboxEvent } from "../../core/counter/calls.ts";
import type { DatabaseCall, DatabaseReply } from "../../core/orders/calls.ts";
import { applyDatabase, createDatabase } from "../../core/orders/database.ts";
import { OrderStore } from "./order-store.ts";
import { CONNECTIONS, TestDatabases } from "./testing/databases.ts";

const QUEUE_LIMIT = 2000;
const databases = new TestDatabases();
afterAll(() => databases.close());

async function openStore(tickets: number, queueLimit = QUEUE_LIMIT): Promise<OrderStore> {
  return new OrderStore(await databases.open("PostgreSQL", tickets), queueLimit);
}

/** How often each code came, of calls that were all made at once. */
async function race(store: OrderStore, calls: DatabaseCall[]): Promise<Record<string, number>> {
  const codes: Record<string, number> = {};
  for (const { code } of await Promise.all(calls.map((call) => store.call(call))))
    codes[code] = (codes[code] ?? 0) + 1;
  return codes;
}

function times(count: number, call: (i: number) => DatabaseCall): DatabaseCall[] {
  return Array.from({ length: count }, (_, i) => call(i));
}

const place = (call: "place" | "place-and-deduct", id: string, more = {}): DatabaseCall => ({
  call,
  id,
  buyer: "",
  qty: 1,
  maxPerBuyer: 0,
  ...more,
});

describe("many connections at once, on PostgreSQL:", () => {
  test("the last tickets are sold once", async () => {
    const store = await openStore(50);
    const orders = times(400, (i) => place("place-and-deduct", `o${i}`));
    const replies = await Promise.all(orders.map((order) => store.call(order)));
    const ok = replies.filter(({ code }) => code === "OK");
    const soldOut = replies.filter(({ code }) => code === "SOLDOUT");
    expect([ok.length, soldOut.length]).toEqual([50, 350]);
    expect(new Set(soldOut.map(({ left }) => left))).toEqual(new Set([0]));
    const { sold, orders: rows } = await store.dump();
    expect([sold, rows.size]).toEqual([50, 50]);
    expect(store.stockLog.map(({ left }) => left)).toEqual(
      Array.from({ length: 50 }, (_, i) => 49 - i),
    );
  });

  test("an order placed many times under one id is one order", async () => {
    const store = await openStore(50);
    const orders = times(300, (i) => place("place-and-deduct", `o${i % 10}`));
    expect(await race(store, orders)).toEqual({ OK: 10, DUP: 290 });
    expect((await store.dump()).sold).toBe(10);
  });

  test("a refused order is not in the way of the same id later", async () => {
    const store = await openStore(1);
    const orders = times(100, () => place("place-and-deduct", "same", { qty: 2 }));
    expect(await race(store, orders)).toEqual({ SOLDOUT: 100 });
    expect((await store.dump()).orders.size).toBe(0);
  });

  test("a buyer's limit holds over all his orders", async () => {
    const store = await openStore(500);
    const limited = { buyer: "greedy", maxPerBuyer: 7 };
    const orders = times(200, (i) => place("place-and-deduct", `o${i}`, limited));
    expect(await race(store, orders)).toEqual({ OK: 7, USERLIMIT: 193 });
    expect((await store.dump()).unitsByBuyer).toEqual(new Map([["greedy", 7]]));
  });

  test("paid orders without stock get what there is, the rest their money back", async () => {
    const store = await openStore(30);
    const named = (i: number): DatabaseCall => place("place", `o${i}`, { buyer: `b${i % 40}` });
    expect(await race(store, times(200, named))).toEqual({ OK: 200 });
    const payments = times(400, (i) => {
      const number = i % 200;
      return { call: "pay-and-deduct", id: `o${number}`, paymentId: `p${number}` };
    });
    expect(await race(store, payments)).toEqual({ PAID: 60, REFUND: 340 });
    const { sold, confirmed, refunds, unitsByBuyer } = await store.dump();
    expect([sold, confirmed, refunds.size]).toEqual([30, 30, 170]);
    expect([...unitsByBuyer.values()].reduce((sum, units) => sum + units, 0)).toBe(30);
  });

  test("of many payments for one order one confirms, the others go back", async () => {
    const store = await openStore(10);
    await store.call(place("place-and-deduct", "o"));
    const payments = times(100, (i) => ({ call: "pay", id: "o", paymentId: `p${i}` }));
    expect(await race(store, payments)).toEqual({ PAID: 1, REFUND: 99 });
    const { refunds, confirmed, orders } = await store.dump();
    expect([refunds.size, confirmed]).toEqual([99, 1]);
    expect(refunds.has(orders.get("o")!.paymentId)).toBe(false);
  });

  test("one payment confirms one order, however many it is sent for", async () => {
    const store = await openStore(100);
    await race(
      store,
      times(50, (i) => place("place-and-deduct", `o${i}`)),
    );
    const payments = times(200, (i) => ({ call: "pay", id: `o${i % 50}`, paymentId: "p" }));
    expect(await race(store, payments)).toEqual({ PAID: 4, PAYMENTCONFLICT: 196 });
    expect((await store.dump()).confirmed).toBe(1);
  });

  test("cancelling and paying: the order is paid or gone, never both", async () => {
    const store = await openStore(100);
    await race(
      store,
      times(100, (i) => place("place-and-deduct", `o${i}`, { buyer: `b${i % 7}` })),
    );
    const calls = times(400, (i) => {
      const id = `o${i % 100}`;
      return i % 2 === Math.floor(i / 100) % 2
        ? { call: "pay", id, paymentId: `p-${id}` }
        : { call: "cancel", id };
    });
    await race(store, calls);
    const { orders, refunds, sold, confirmed, unitsByBuyer } = await store.dump();
    const paid = [...orders.values()].filter(({ state }) => state === "C");
    expect(paid.length).toBeGreaterThan(0);
    expect([sold, confirmed]).toEqual([paid.length, paid.length]);
    expect([...refunds.values()].toSorted()).toEqual(
      [...orders.values()]
        .filter(({ state }) => state === "L")
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(refunds.size + paid.length).toBe(100);
    expect([...unitsByBuyer.values()].reduce((sum, units) => sum + units, 0)).toBe(sold);
  });

  test("settling against placing: the tombstone stays, or the order", async () => {
    const store = await openStore(1000);
    const calls = times(400, (i) => {
      const id = `o${Math.floor(i / 4)}`;
      const asks: DatabaseCall[] = [{ call: "settle", id }, place("place-and-deduct", id)];
      return i % 4 < 2 ? asks[(i + Math.floor(i / 4)) % 2] : { call: "cancel", id };
    });
    await race(store, calls);
    const { orders, sold } = await store.dump();
    expect(orders.size).toBe(100);
    const held = [...orders.values()].filter(({ state }) => state === "H");
    expect(sold).toBe(held.length);
    expect(store.stockLog.at(-1)?.left ?? 1000).toBe(1000 - sold);
  });

  test("two workers that record the same events make the book of one", async () => {
    const store = await openStore(100);
    const event = (kind: OutboxEvent["kind"], i: number): OutboxEvent => {
      const paymentId = kind === "C" || kind === "refund" ? `${kind}-${i}` : "";
      return { position: "1-1", kind, id: `o${i}`, qty: 1, buyer: `b${i}`, paymentId };
    };
    const story = ["H", "C", "refund", "R"] as const;
    const events = story.flatMap((kind) => Array.from({ length: 60 }, (_, i) => event(kind, i)));
    // Every batch in both directions: unsorted, two of them would lock each other's rows.
    const batches = times(80, (i) => {
      const batch = events.slice((i % 8) * 30, (i % 8) * 30 + 30);
      const isForward = Math.floor(i / 8) % 2 === 0;
      return { call: "record", events: isForward ? batch : batch.toReversed() };
    });
    expect(await race(store, batches)).toEqual({ OK: 80 });
    const model = createDatabase(100);
    applyDatabase(model, { call: "record", events });
    const { statements: _, ...book } = await store.dump();
    expect(book).toEqual({ ...model, statements: undefined });
    // A quarter of them has refunds, and no attempt was lost to a deadlock.
    expect(store.statements).toBe(80 + 20);
  });
});

test("more calls than connections and queue are refused, and nothing of them ran", async () => {
  const store = await openStore(100, 5);
  const calls = times(60, (i) => place("place-and-deduct", `o${i}`));
  const results = await Promise.allSettled(calls.map((call) => store.call(call)));
  const codes = results.map((result) =>
    result.status === "fulfilled" ? result.value.code : (result.reason as { code: string }).code,
  );
  const count = (code: string): number => codes.filter((other) => other === code).length;
  expect([count("OK"), count("53300")]).toEqual([CONNECTIONS + 5, 60 - CONNECTIONS - 5]);
  expect((await store.dump()).sold).toBe(CONNECTIONS + 5);
});

test("what must never be is refused by the tables themselves", async () => {
  const backend = await databases.open("PostgreSQL", 10);
  const attempt = (text: string): Promise<string> =>
    backend.query({ name: "attempt", text }).then(
      () => "done",
      (error: { code: string }) => error.code,
    );
  const CHECK_VIOLATION = "23514";
  const UNIQUE_VIOLATION = "23505";
  expect(await attempt("UPDATE stock SET sold = 11")).toBe(CHECK_VIOLATION);
  expect(await attempt("UPDATE stock SET sold = -1")).toBe(CHECK_VIOLATION);
  expect(await attempt("INSERT INTO stock (total) VALUES (5)")).toBe(UNIQUE_VIOLATION);
  for (const [table, row] of [
    ["orders (id, state, buyer, qty)", "('a', 'H', 'b', 1)"],
    ["refunds (payment_id, order_id)", "('p', 'a')"],
    ["payments (payment_id, order_id, code)", "('p', 'a', 'PAID')"],
  ]) {
    expect(await attempt(`INSERT INTO ${table} VALUES ${row}`)).toBe("done");
    expect(await attempt(`INSERT INTO ${table} VALUES ${row}`)).toBe(UNIQUE_VIOLATION);
  }
});

async function callsThatWait(client: pg.Client): Promise<number | null> {
  // Within a transaction PostgreSQL goes on telling what it told first.
  await client.query("SELECT pg_stat_clear_snapshot()");
  const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
  return (await client.query(waiting)).rowCount;
}

describe("while somebody else is still inserting the order,", () => {
  /** Starts the call in the middle of a transaction that places the order `a`, then commits it. */
  async function during(call: DatabaseCall): Promise<DatabaseReply> {
    const store = await openStore(10);
    const schema = databases.schema;
    const client = new pg.Client({ connectionString: await databases.postgresUrl() });
    await client.connect();
    try {
      await client.query(`BEGIN; UPDATE ${schema}.stock SET sold = 1;
        INSERT INTO ${schema}.orders (id, state, buyer, qty) VALUES ('a', 'H', '', 1)`);
      const reply = store.call(call);
      await expect.poll(() => callsThatWait(client)).toBe(1);
      await client.query("COMMIT");
      return await reply;
    } finally {
      await client.end();
    }
  }

  test.each<[string, DatabaseCall, DatabaseReply]>([
    ["settle finds it", { call: "settle", id: "a" }, { code: "DUP", left: 9 }],
    ["cancel cancels it", { call: "cancel", id: "a" }, { code: "OK", left: 10 }],
    ["placing it is a repetition", place("place-and-deduct", "a"), { code: "DUP", left: 9 }],
  ])("%s", async (_what, call, reply) => {
    expect(await during(call)).toEqual(reply);
  });
});
