import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { DatabaseCall } from "../../core/orders/calls.ts";
import { startPostgres } from "./postgres-server.ts";
import type { RunningPostgres } from "./postgres-server.ts";
import { startOrderStore } from "./provision.ts";
import type { OrderStoreOptions, RunningOrderStore } from "./provision.ts";
import { connectOrderStore } from "./store-client.ts";
import type { OrderStoreClient } from "./store-client.ts";

const directory = mkdtempSync(join(tmpdir(), "orders-test-"));
let postgres: RunningPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.stop();
  rmSync(directory, { recursive: true });
});

async function start(options: Partial<OrderStoreOptions>): Promise<RunningOrderStore> {
  const store = await startOrderStore({ db: "auto", tickets: 100, directory, ...options });
  onTestFinished(() => store.stop());
  return store;
}

async function connect(store: RunningOrderStore): Promise<OrderStoreClient> {
  const client = await connectOrderStore(store.address);
  onTestFinished(() => client.close());
  return client;
}

const order = (id: string): DatabaseCall => ({
  call: "place-and-deduct",
  id,
  buyer: "b\u2028\n",
  qty: 1,
  maxPerBuyer: 0,
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function schemas(): Promise<string[]> {
  const client = new pg.Client(postgres.url);
  await client.connect();
  try {
    const { rows } = await client.query<{ nspname: string }>("SELECT nspname FROM pg_namespace");
    return rows.map(({ nspname }) => nspname);
  } finally {
    await client.end();
  }
}

function withDatabaseUrl(url: string): void {
  const before = process.env["DATABASE_URL"];
  process.env["DATABASE_URL"] = url;
  onTestFinished(() => {
    if (before === undefined) delete process.env["DATABASE_URL"];
    else process.env["DATABASE_URL"] = before;
  });
}

describe("--db", () => {
  test("auto: a server of our own, where PostgreSQL is installed", async () => {
    withDatabaseUrl("");
    const store = await start({ db: "auto" });
    expect(store.describe).toMatch(
      /^PostgreSQL \d+\.\d+ at .* schema onceonly_sale, started on a temporary folder/u,
    );
    const client = await connect(store);
    expect(await client.call(order("a"), 5000)).toEqual({ code: "OK", left: 99 });
  });

  test("auto: DATABASE_URL, if it is set", async () => {
    withDatabaseUrl(postgres.url);
    const store = await start({ db: "auto", saleId: "12306 Bots" });
    expect(store.describe).toMatch(/schema onceonly_12306_bots, from DATABASE_URL$/u);
  });

  test("pglite", async () => {
    const store = await start({ db: "pglite" });
    expect(store.describe).toMatch(/^PGlite \(PostgreSQL .* without fsync$/u);
    const client = await connect(store);
    const replies = await Promise.all(["a", "b", "a"].map((id) => client.call(order(id), 5000)));
    expect(replies.map(({ code }) => code)).toEqual(["OK", "OK", "DUP"]);
    expect((await client.dump()).orders.get("b")).toEqual({
      id: "b",
      state: "H",
      buyer: "b\u2028\n",
      qty: 1,
      paymentId: "",
    });
    expect((await client.stockLog()).map(({ left }) => left)).toEqual([99, 98]);
  });

  test.each(["sqlite", "mysql://localhost/x", ""])("%j is nothing we know", async (db) => {
    await expect(start({ db })).rejects.toThrow(
      "--db: expected auto, postgres, pglite or a URL as postgresql://user@host/database, got " +
        JSON.stringify(db),
    );
  });

  test("a URL where nobody listens is one clear line, without the password", async () => {
    const url = "postgresql://me:secret@127.0.0.1:1/sales";
    await expect(start({ db: url })).rejects.toThrow(
      /^order-store did not start: cannot reach PostgreSQL at postgresql:\/\/me@127\.0\.0\.1:1\/sales: /u,
    );
  });
});

describe("a sale's tables in a database of somebody's", () => {
  test("go at the end, so that the next sale of this name can have its own", async () => {
    for (let i = 0; i < 2; i += 1) {
      const store = await startOrderStore({ db: postgres.url, tickets: 1, directory });
      await store.stop();
    }
  });

  test("stay if they are to be kept, and are never overwritten", async () => {
    const kept = { db: postgres.url, saleId: "kept", keep: true };
    const store = await startOrderStore({ ...kept, tickets: 1, directory });
    await store.stop();
    await expect(start(kept)).rejects.toThrow(
      /there is a schema onceonly_kept .* already; if nobody needs it: DROP SCHEMA onceonly_kept CASCADE/u,
    );
  });

  test("of a process that was killed, go when the next one comes; of others they stay", async () => {
    const killed = { db: postgres.url, saleId: "killed", tickets: 1, directory };
    const store = await startOrderStore(killed);
    // While it runs, and be it stalled, nobody takes them from it.
    store.stall();
    await expect(start(killed)).rejects.toThrow(/schema onceonly_killed .* already/u);
    store.child.signal("SIGKILL");
    await store.child.exited;
    await start({ db: postgres.url, saleId: "another" });
    expect(await schemas()).not.toContain("onceonly_killed");
    await start(killed);
    await store.stop();
    expect(await schemas()).toEqual(expect.arrayContaining(["onceonly_kept", "onceonly_killed"]));
  });

  test("two sales do not meet", async () => {
    const stores = [];
    for (const saleId of ["one", "two"])
      stores.push(await start({ db: postgres.url, saleId, tickets: 1 }));
    for (const store of stores) {
      const client = await connect(store);
      expect(await client.call(order("same"), 5000)).toEqual({ code: "OK", left: 0 });
    }
  });
});

describe("the store's end", () => {
  test("leaves neither process nor folder behind", async () => {
    const before = readdirSync(tmpdir());
    const store = await startOrderStore({ db: "postgres", tickets: 1, directory });
    const started = readdirSync(tmpdir()).filter((name) => !before.includes(name));
    const ours = started.filter((name) => /^onceonly-(postgres|orders)-/u.test(name));
    expect(ours.length).toBeGreaterThanOrEqual(2);
    const { pid } = store.child;
    await store.stop();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(store.address.socketPath)).toBe(false);
  });

  test("comes after the answers to what is under way", async () => {
    const store = await start({ db: postgres.url, saleId: "ending", keep: true });
    const client = await connect(store);
    const calls = Array.from({ length: 50 }, (_, i) => client.call(order(`o${i}`), 10_000));
    await calls[0];
    store.child.signal("SIGTERM");
    const codes = (await Promise.all(calls)).map(({ code }) => code);
    expect(codes).toEqual(codes.map(() => "OK"));
    expect(await store.child.exited).toBe(0);
  });
});

describe("a client", () => {
  test("hears TIMEOUT while the store is stalled; the call runs all the same", async () => {
    const store = await start({ db: postgres.url, saleId: "stalled" });
    const client = await connect(store);
    store.stall();
    await expect(client.call(order("a"), 200)).rejects.toMatchObject({ code: "TIMEOUT" });
    store.resume();
    await expect.poll(async () => (await client.call(order("a"), 5000)).code).toBe("DUP");
  });

  test("hears CONNECTION when the store dies, and at once after that", async () => {
    const store = await start({ db: postgres.url, saleId: "dying", keep: true });
    const client = await connect(store);
    store.stall();
    const call = client.call(order("a"), 10_000);
    store.child.signal("SIGKILL");
    await expect(call).rejects.toMatchObject({ code: "CONNECTION" });
    await expect(client.call(order("b"), 10_000)).rejects.toMatchObject({ code: "CONNECTION" });
  });

  test("hears 53300 when too many calls wait, and none of them ran", async () => {
    const limits = { connections: 2, queueLimit: 3 };
    const store = await start({ db: postgres.url, saleId: "crowded", ...limits });
    const client = await connect(store);
    const calls = Array.from({ length: 40 }, (_, i) => client.call(order(`o${i}`), 10_000));
    const refused = (await Promise.allSettled(calls)).filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused as PromiseRejectedResult[])
      expect(reason).toMatchObject({ code: "53300" });
    expect((await client.dump()).sold).toBe(40 - refused.length);
  });

  test("hears the SQLSTATE of a call that the database refuses", async () => {
    const client = await connect(await start({ db: postgres.url, saleId: "refusing" }));
    await expect(client.call(order("nul \u0000"), 5000)).rejects.toMatchObject({ code: "22021" });
    expect(await client.call(order("fine"), 5000)).toEqual({ code: "OK", left: 99 });
  });

  test("cannot connect where no store is", async () => {
    const nowhere = { socketPath: join(directory, "nobody.sock") };
    await expect(connectOrderStore(nowhere)).rejects.toMatchObject({ code: "CONNECTION" });
  });
});
