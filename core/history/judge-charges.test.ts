/** Payments, where the counter's stream tells what became of them. */
import { describe, expect, test } from "vitest";
import { found } from "../testing/found.ts";
import { judgeHistory } from "./judge-history.ts";
import type { HistoryRecord } from "./records.ts";
import { both, change, including, isCall, isEvent, without } from "./testing/change.ts";
import type { Change } from "./testing/change.ts";
import { GOOD_SALE } from "./testing/good-sale.ts";
import { call, charge, issued, tale } from "./testing/tale.ts";

const foundAfter = (...changes: readonly Change[]): string[] =>
  found(judgeHistory(tale(both(...changes)(GOOD_SALE))).findings);

const isCharge = (id: string) => (record: HistoryRecord) =>
  record.type === "charge" && record.id === id;
const isRefund = ({ type }: HistoryRecord) => type === "refund";
const BOOK_OF_B = { type: "refund", paymentId: "pay-b", id: "b" } as const;

/** The provider never hears what became of f's second payment. */
const unheard = change((record) => record.type === "call" && record.paymentId === "pay-again-f", {
  outcome: "NONE",
  endMs: null,
});

describe("the skew is 1 ms: right at the edge, wrong beyond", () => {
  test.each<readonly [string, number, number, (atMs: number) => Change, string]>([
    [
      "a payment that is charged after it confirmed",
      34,
      34.5,
      (atMs) => change(isCharge("a"), { atMs }),
      "one-refund at 33: a was confirmed by payment pay-a, which had not been charged",
    ],
    [
      "PAID, heard before the payment confirmed",
      32,
      31.5,
      (atMs) => change(isCall("pay", "a"), { endMs: atMs, leftMs: atMs }),
      "no-charge-in-vain at 31.5: payment pay-a was told PAID for a and confirmed nothing",
    ],
  ])("%s", (_what, edgeMs, beyondMs, at, finding) => {
    expect(foundAfter(at(edgeMs))).toEqual([]);
    expect(foundAfter(at(beyondMs))).toEqual([finding]);
  });
});

test.each([
  ["lazy", 134.5, 1],
  ["lazy", 135, 0],
  ["revive", 134.5, 1],
  ["revive", 135, 0],
  ["strict", 114.5, 1],
  ["strict", 115, 0],
] as const)(
  "due at 115, with a grace of 20 ms: under %s, what reaches the counter at %d and comes back was charged in vain %d times",
  (latePayment, reachedMs, inVain) => {
    const changed = including(
      charge("b", 110, 115),
      call("pay", "b", [112, 140], "REFUND"),
      issued("refund", "b", reachedMs),
      BOOK_OF_B,
    );
    expect(judgeHistory(tale(changed(GOOD_SALE), { latePayment })).chargedInVain).toBe(inVain);
  },
);

const IN_VAIN =
  "no-charge-in-vain at 55: payment pay-b was charged in time for b and confirmed nothing";

test.each<readonly [string, readonly string[], Change]>([
  [
    "a ticket is confirmed by a payment that was never charged",
    ["one-refund at 33: a was confirmed by payment pay-a, which had not been charged"],
    without(isCharge("a")),
  ],
  [
    "PAID is said of a reservation, for a payment that confirmed another",
    ["no-charge-in-vain at 92: payment pay-a was told PAID for f and confirmed nothing"],
    including(call("pay", "f", [90, 92], "PAID", { paymentId: "pay-a" })),
  ],
  [
    "who paid in time gets nothing, and his cancellation came to nothing too",
    [IN_VAIN],
    including(
      charge("b", 50, 115),
      call("cancel", "b", [51, 53], "TRYAGAIN"),
      call("pay", "b", [51, 55], "REFUND"),
      issued("refund", "b", 53),
      BOOK_OF_B,
    ),
  ],
  [
    "who paid in time gets nothing, and his money back twice, once before he gave up",
    ["one-refund at 70: payment pay-b is given back twice", IN_VAIN],
    both(
      change(isEvent("X", "b"), issued("L", "b", 60)),
      change((record) => record.type === "order" && record.id === "b", { state: "L" }),
      including(
        charge("b", 50, 115),
        call("pay", "b", [51, 55], "REFUND"),
        call("cancel", "b", [58, 62], "CANCELLED"),
        issued("refund", "b", 53),
        issued("refund", "b", 70),
        BOOK_OF_B,
      ),
    ),
  ],
  [
    "a refund is lost, and nobody heard of it",
    [
      "one-refund at 311: the refund of payment pay-again-f was issued, and is not in the order book",
    ],
    both(unheard, without(isRefund)),
  ],
  [
    "a refund is paid that nobody issued, and nobody heard of it",
    ["one-refund at 311: the order book gives payment pay-again-f back, which nobody issued"],
    both(unheard, without(isEvent("refund", "f"))),
  ],
])("%s", (_what, findings, changed) => {
  expect(foundAfter(changed)).toEqual(findings);
});

test("a payment that had to be delivered again, as no outcome was known", () => {
  const putOff = including(call("pay", "a", [31, 32], "TRYAGAIN"));
  expect(foundAfter(putOff)).toEqual([]);
});

test("a payment in time, of what its buyer had given up", () => {
  const paid = including(
    charge("e", 38, 120),
    call("pay", "e", [39, 47], "REFUND"),
    issued("refund", "e", 45),
    { type: "refund", paymentId: "pay-e", id: "e" },
  );
  expect(foundAfter(paid)).toEqual([]);
});

test("a refund that had not reached the order book when it was read", () => {
  const undrained = change(({ type }) => type === "book", { drained: false });
  expect(foundAfter(undrained, without(isRefund))).toEqual([]);
});
