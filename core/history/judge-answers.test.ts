/** Answers against the stream: each as true as it can be at the edge of what the clocks allow. */
import { describe, expect, test } from "vitest";
import { found } from "../testing/found.ts";
import { judgeHistory } from "./judge-history.ts";
import type { RunRecord } from "./records.ts";
import { both, change, including, isCall, isEvent, isOrder } from "./testing/change.ts";
import type { Change } from "./testing/change.ts";
import { GOOD_SALE } from "./testing/good-sale.ts";
import { audit, call, issued, order, tale } from "./testing/tale.ts";

const foundAfter = (changed: Change, run: Partial<RunRecord> = {}): string[] =>
  found(judgeHistory(tale(changed(GOOD_SALE), run)).findings);

/** h has the free ticket from `fromMs` until `toMs`, and gives it back meanwhile. */
const givingBack = (fromMs: number, toMs: number): Change =>
  including(
    call("buy", "h", [136, 141], "ACK"),
    issued("H", "h", fromMs),
    call("cancel", "h", [142, 144], "CANCELLED"),
    issued("L", "h", toMs),
    order("h", "L"),
  );

/** a is paid back at `atMs`, and asks from 285 to 288 to give his ticket back. */
const paidBack = (atMs: number): Change =>
  both(
    including(issued("R", "a", atMs), issued("refund", "a", atMs), {
      type: "refund",
      paymentId: "pay-a",
      id: "a",
    }),
    change(isOrder("a"), { state: "R" }),
    change((record) => record.type === "audit", audit(310, 2, 2)),
  );

describe("the skew is 1 ms, the counter's answer takes up to 30 ms: true at the edge, false beyond", () => {
  test.each<readonly [string, number, number, (atMs: number) => Change, string]>([
    [
      "an ACK that is asked for after the hold ran out",
      166,
      166.5,
      (atMs) => including(call("query", "b", [atMs, 170], "ACK", { deadlineMs: 1_000_115 })),
      "no-oversell at 170: b was acknowledged between 166.5 and 170.0, " +
        "and had tickets from 13.0 to 135.0",
    ],
    [
      "an ACK that is heard before the ticket is issued",
      15,
      15.5,
      (atMs) => change(isEvent("H", "a"), { atMs }),
      "no-oversell at 14: a was acknowledged between 10.0 and 14.0, and had tickets from 15.5 on",
    ],
    [
      "a ticket that is issued before anybody asks for it",
      13,
      13.5,
      (startMs) => change(isCall("buy", "a"), { startMs }),
      "conservation at 12: a was issued 1 tickets, before anybody asked for it",
    ],
    [
      "CANCELLED, when the ticket is kept for longer",
      145,
      145.5,
      (atMs) => givingBack(138, atMs),
      "conservation at 144: h was told CANCELLED and kept its tickets",
    ],
    [
      "CANCELLED, when the ticket was issued before",
      141,
      140.5,
      (atMs) => givingBack(atMs, 147),
      "conservation at 144: h was told CANCELLED and kept its tickets",
    ],
    [
      "CONFIRMED, heard before the payment took effect",
      281,
      280.5,
      (atMs) => including(call("cancel", "c.1", [275, atMs], "CONFIRMED")),
      "conservation at 280.5: c.1 was told CONFIRMED and is not paid",
    ],
    [
      "CONFIRMED, asked for after the payment was given back",
      284,
      283.5,
      paidBack,
      "conservation at 288: a was told CONFIRMED and is not paid",
    ],
    [
      "USERLIMIT, asked for after the buyer's ticket went back",
      43,
      43.5,
      (atMs) => including(call("buy", "e.1", [atMs, 48], "USERLIMIT")),
      "buyer-limit at 48: buyer be was refused 1 more while holding 0 of at most 1",
    ],
    [
      "USERLIMIT, heard before the buyer's ticket was issued",
      12,
      11.5,
      (atMs) => including(call("buy", "b.1", [11, atMs], "USERLIMIT")),
      "buyer-limit at 11.5: buyer bb was refused 1 more while holding 0 of at most 1",
    ],
  ])("%s", (_what, edgeMs, beyondMs, at, finding) => {
    expect(foundAfter(at(edgeMs))).toEqual([]);
    expect(foundAfter(at(beyondMs))).toEqual([finding]);
  });
});

describe("an answer that is false at every moment", () => {
  test.each<readonly [string, Change, string]>([
    [
      "an ACK before either life of a reservation that was revived",
      including(call("query", "c.1", [1, 5], "ACK", { deadlineMs: 1_000_252 })),
      "no-oversell at 5: c.1 was acknowledged between 1.0 and 5.0, " +
        "and had tickets from 152.0 to 273.0 and from 282.0 on",
    ],
    [
      "an ACK to another buyer than the ticket is issued to",
      including(
        call("buy", "b", [16, 18], "ACK", { caller: "echo", buyer: "bz", deadlineMs: 1_000_115 }),
      ),
      "conservation at 18: 1 for bz were acknowledged as b, issued were 1 for bb",
    ],
    [
      "a ticket for who only asked about one",
      including(
        call("query", "h", [44, 47], "ACK"),
        issued("H", "h", 45),
        issued("L", "h", 46),
        order("h", "L"),
      ),
      "conservation at 45: h was issued 1 tickets, and nobody asked for it",
    ],
    [
      "CANCELLED for a ticket that was revived and is paid",
      including(call("cancel", "c.1", [285, 289], "CANCELLED")),
      "conservation at 289: c.1 was told CANCELLED and kept its tickets",
    ],
    [
      "CONFIRMED for what was never issued",
      including(call("cancel", "z", [90, 92], "CONFIRMED")),
      "conservation at 92: z was told CONFIRMED and is not paid",
    ],
    [
      "USERLIMIT for a buyer without a name",
      including(call("buy", "n", [95, 97], "USERLIMIT", { buyer: "", qty: 2 })),
      "buyer-limit at 97: buyer  was refused 2 more while holding 0 of at most 1",
    ],
  ])("%s", (_what, changed, finding) => {
    expect(foundAfter(changed)).toEqual([finding]);
  });

  test("USERLIMIT in a sale without a limit", () => {
    expect(foundAfter((records) => records, { maxPerBuyer: 0 })).toEqual([
      "buyer-limit at 29: buyer ba was refused 1 more while holding 1 of at most 0",
    ]);
  });
});

test("a ticket for who was put off at first", () => {
  const putOff = call("buy", "b", [4, 8], "TRYAGAIN", { caller: "echo" });
  expect(foundAfter(including(putOff))).toEqual([]);
});

test("an ACK of an order alone promises no ticket", () => {
  const placed = call("buy", "h", [45, 47], "ACK", { claim: "order", deadlineMs: 0 });
  expect(foundAfter(including(placed))).toEqual([]);
});
