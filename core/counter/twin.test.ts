/** What random calls seldom show: the twin's own edges, and rows in full. */
import { expect, test } from "vitest";
import { applyCall, auditCounter, createCounter } from "./twin.ts";
import type { CounterState } from "./twin.ts";
import { saleOf } from "./twin/prelude.ts";

const NOTHING = {
  heldUnits: 0,
  confirmedUnits: 0,
  heldRows: 0,
  deadlines: 0,
  buyerUnits: 0,
  namedUnits: 0,
};

function openCounter(): CounterState {
  const counter = createCounter();
  applyCall(counter, { script: "init", total: 3, epoch: 1 }, 1000);
  applyCall(counter, { script: "open", epoch: 1 }, 1000);
  return counter;
}

test("a counter without a sale adds up to nothing, and no call finds a sale in it", () => {
  expect(auditCounter(createCounter())).toEqual({ total: 0, sold: 0, ...NOTHING });
  expect(() => saleOf(createCounter())).toThrow("no sale: the call did not pass enter()");
});

test("a call without items has no results", () => {
  const counter = createCounter();
  const init = { script: "init", total: 3, epoch: 1 } as const;
  const replies = [
    applyCall(counter, init, 1000),
    applyCall(counter, init, 1000),
    applyCall(counter, { ...init, total: 4 }, 1000),
    applyCall(counter, { script: "audit" }, 1000),
  ];
  expect(replies.map(({ code, results }) => ({ code, results }))).toEqual(
    ["OK", "EXISTS", "CONFLICT", "OK"].map((code) => ({ code, results: [] })),
  );
});

test("a tombstone is of nobody, and for nothing", () => {
  const counter = openCounter();
  applyCall(counter, { script: "settle", epoch: 1, items: [{ id: "r1" }] }, 1001);
  expect(counter.rows.get("r1")).toEqual({
    state: "D",
    qty: 0,
    deadlineMs: 0,
    server: "",
    incarnation: 0,
    buyer: "",
    maxPerBuyer: 0,
    paymentId: "",
  });
  expect(auditCounter(counter)).toEqual({ total: 3, sold: 0, ...NOTHING });
});
