/** Streams that no counter would write: what was there first stands, and nothing is invented. */
import { expect, test } from "vitest";
import type { IssuedRecord } from "./records.ts";
import { Reservations } from "./reservations.ts";
import { issued } from "./testing/tale.ts";

const reservations = (...records: readonly ReturnType<typeof issued>[]) =>
  new Reservations(records as IssuedRecord[]);
const most = (of: Reservations, buyer: string): number => of.unitsOf(buyer).most(0, 1000);

test("a reservation that is issued twice is there once", () => {
  const twice = reservations(issued("H", "a", 10), issued("H", "a", 20));
  expect(twice.get("a")?.lives).toEqual([{ fromMs: 10, confirmedMs: Infinity, toMs: Infinity }]);
  expect(most(twice, "ba")).toBe(1);
});

test("a payment of what was never issued makes no reservation", () => {
  expect([...reservations(issued("C", "a", 10)).all()]).toEqual([]);
});

test("what has ended ends once", () => {
  const ended = reservations(issued("H", "a", 10), issued("X", "a", 20), issued("L", "a", 30));
  expect(ended.get("a")?.lives).toEqual([{ fromMs: 10, confirmedMs: Infinity, toMs: 20 }]);
  expect(ended.unitsOf("ba").least(25, 1000)).toBe(0);
});

test("nobody's tickets are counted for nobody", () => {
  expect(most(reservations(issued("H", "a", 10, { buyer: "" })), "")).toBe(0);
});
