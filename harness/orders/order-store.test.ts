import { expect, test } from "vitest";
import type { DatabaseCall } from "../../core/orders/calls.ts";
import type { Backend } from "./backend.ts";
import { OrderStore } from "./order-store.ts";
import type { Row } from "./transactions.ts";

const CANCEL: DatabaseCall = { call: "cancel", id: "a" };

/** A database that says what it is told to, and fails some transactions when they commit. */
function scripted(
  rows: Readonly<Record<string, () => Row>>,
  commit: () => void = () => {},
): OrderStore {
  const backend: Backend = {
    describe: "scripted",
    connections: 1,
    async transaction(work) {
      const outcome = await work(async ({ name }) => [rows[name]()]);
      commit();
      return outcome;
    },
    query: async () => [],
    close: async () => {},
  };
  return new OrderStore(backend, 10);
}

function failing(code: string | undefined): Error {
  return Object.assign(new Error("no commit"), code === undefined ? {} : { code });
}

/** An order of one ticket that can be cancelled again and again. */
function cancellable(): { readonly rows: Readonly<Record<string, () => Row>> } {
  let version = 0;
  return {
    rows: {
      cancel: () => ({ state: "H", qty: 1, left: 5 }),
      "give-back": () => ({ left: 5 + (version += 1), version }),
    },
  };
}

test.each(["40P01", "40001", "23505"])(
  "%s: nothing was committed, so it runs again",
  async (code) => {
    let attempts = 0;
    const store = scripted(cancellable().rows, () => {
      attempts += 1;
      if (attempts < 3) throw failing(code);
    });
    expect(await store.call(CANCEL)).toEqual({ code: "OK", left: 8 });
    expect(store.statements).toBe(6);
  },
);

test("but not for ever", async () => {
  let attempts = 0;
  const store = scripted(cancellable().rows, () => {
    attempts += 1;
    throw failing("40P01");
  });
  await expect(store.call(CANCEL)).rejects.toMatchObject({ code: "40P01" });
  expect(attempts).toBe(20);
});

test.each([
  ["57P01", "57P01"],
  ["ECONNRESET", "08006"],
  [undefined, "08006"],
])("any other error (%s) ends the call, as %s", async (code, expected) => {
  let attempts = 0;
  const store = scripted(cancellable().rows, () => {
    attempts += 1;
    throw failing(code);
  });
  await expect(store.call(CANCEL)).rejects.toMatchObject({ code: expected });
  expect(attempts).toBe(1);
});

test("an order placed between the two statements of a cancellation is cancelled", async () => {
  const states = [null, "H"];
  const store = scripted({
    ...cancellable().rows,
    cancel: () => ({ state: states.shift(), qty: 1, left: 5 }),
    settle: () => ({ inserted: false, state: "H", left: 5 }),
  });
  expect(await store.call(CANCEL)).toEqual({ code: "OK", left: 6 });
});

test("an order inserted while a statement ran is looked for again", async () => {
  const states = [null, "H"];
  const store = scripted({
    settle: () => ({ inserted: false, state: states.shift(), left: 5 }),
  });
  expect(await store.call({ call: "settle", id: "a" })).toEqual({ code: "DUP", left: 5 });
});

test("a change of the stock whose commit nobody heard of does not end the stock's log", async () => {
  const losses = [false, true, false];
  const store = scripted(cancellable().rows, () => {
    if (losses.shift() === true) throw failing(undefined);
  });
  await Promise.allSettled([1, 2, 3].map(() => store.call(CANCEL)));
  expect(store.stockLog.map(({ left }) => left)).toEqual([6, 8]);
});
