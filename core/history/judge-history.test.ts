import { describe, expect, test } from "vitest";
import { INVARIANTS } from "../invariants/findings.ts";
import type { InvariantName } from "../invariants/findings.ts";
import { found } from "../testing/found.ts";
import { judgeHistory } from "./judge-history.ts";
import type { RunRecord } from "./records.ts";
import { both, change, including, isCall, isEvent, isOrder, without } from "./testing/change.ts";
import type { Change, Records } from "./testing/change.ts";
import { GOOD_SALE } from "./testing/good-sale.ts";
import { audit, call, charge, issued, order, tale } from "./testing/tale.ts";

const judge = (records: Records, run: Partial<RunRecord> = {}) => judgeHistory(tale(records, run));

describe("a sale in which all goes well", () => {
  // Not here but in the tests: mutation testing counts what runs while tests are collected as
  // covered by every one of them.
  const judged = () => judge(GOOD_SALE);

  test("breaks nothing", () => {
    expect(found(judged().findings)).toEqual([]);
  });

  test("has these figures", () => {
    const { findings: _, stock, ...figures } = judged();
    expect(figures).toEqual({
      acked: 5,
      held: 0,
      confirmed: 3,
      free: 0,
      hoarded: 0,
      oversold: 0,
      undersold: 0,
      falseSoldOut: 0,
      chargedInVain: 0,
      refunds: 1,
      paymentsPending: 0,
      unknownIds: [],
      endMs: 311,
    });
    expect(stock[0]).toEqual({ atMs: 12, held: 1, confirmed: 0, free: 2 });
    expect(stock.at(-1)).toEqual({ atMs: 282, held: 0, confirmed: 3, free: 0 });
  });
});

type Defect = readonly [
  what: string,
  invariant: InvariantName,
  detail: string,
  change: Change,
  /** What else cannot hold then. */
  ...alsoBroken: readonly InvariantName[],
];

/** A sold-out sale with one reservation more than there are tickets. */
const ONE_TOO_MANY = including(
  call("buy", "h", [80, 84], "ACK"),
  issued("H", "h", 82),
  issued("L", "h", 86),
  call("cancel", "h", [85, 88], "CANCELLED"),
  order("h", "L"),
);

const DEFECTS: readonly Defect[] = [
  [
    "a ticket is issued that there is not",
    "no-oversell",
    "h got 1 of the tickets when 0 of 3",
    ONE_TOO_MANY,
  ],
  [
    "an ACK comes from nowhere",
    "no-oversell",
    "h was acknowledged and never issued",
    including(call("buy", "h", [45, 47], "ACK"), call("cancel", "h", [48, 50], "CANCELLED")),
  ],
  [
    "an ACK comes long after its ticket went back",
    "no-oversell",
    "b was acknowledged between 170.0 and 174.0, and had tickets from 13.0 to 135.0",
    including(call("query", "b", [170, 174], "ACK", { deadlineMs: 1_000_115 })),
  ],
  [
    "an ACK comes before the ticket is issued",
    "no-oversell",
    "a was acknowledged between 10.0 and 14.0, and had tickets from 17.0 on",
    change(isEvent("H", "a"), { atMs: 17 }),
  ],
  [
    "a ticket is deducted twice for one request",
    "conservation",
    "reservation a was deducted twice",
    including(issued("H", "a", 45)),
    "no-oversell",
    "buyer-limit",
    "one-order",
  ],
  [
    "a ticket is issued to nobody",
    "conservation",
    "h was issued 1 tickets, and nobody asked for it",
    including(issued("H", "h", 45), issued("L", "h", 46), order("h", "L")),
  ],
  [
    "a buyer is refused the ticket that is issued to him",
    "conservation",
    "b was issued 1 tickets, and every request for it was refused",
    change(isCall("buy", "b"), { outcome: "TRYAGAIN", reason: "overload", claim: null }),
  ],
  [
    "another quantity is issued than was asked for",
    "conservation",
    "b was issued 1 tickets, and nobody asked for so many",
    both(
      change(isCall("buy", "b"), { qty: 2, outcome: "NONE", endMs: null, claim: null }),
      including(call("query", "b", [16, 18], "ACK", { deadlineMs: 1_000_115 })),
    ),
  ],
  [
    "it is issued before anybody asked",
    "conservation",
    "a was issued 1 tickets, before anybody asked for it",
    change(isCall("buy", "a"), { startMs: 13.5 }),
  ],
  [
    "a hold is swept before its deadline and grace are over",
    "conservation",
    "b was swept 10 ms too early",
    change(isEvent("X", "b"), { unixMs: 1_000_125 }),
  ],
  [
    "a hold is swept too early, and an answer tells no deadline",
    "conservation",
    "b was swept 10 ms too early",
    both(
      change(isEvent("X", "b"), { unixMs: 1_000_125 }),
      including(call("query", "b", [20, 24], "ACK", { deadlineMs: 0 })),
    ),
  ],
  [
    "a paid ticket expires",
    "conservation",
    "sweep gave back a, which was confirmed",
    including(issued("X", "a", 140)),
  ],
  [
    "a given-up ticket is revived",
    "conservation",
    "e was confirmed (OK) while ended",
    including(charge("e", 90, 120), issued("C", "e", 95)),
  ],
  [
    "the counter counts otherwise than it issued",
    "conservation",
    "an audit reads sold 2 instead of 3",
    change((record) => record.type === "audit", audit(310, 2, 2)),
  ],
  [
    "another quantity is acknowledged than was issued",
    "conservation",
    "2 for bb were acknowledged as b, issued were 1 for bb",
    including(call("buy", "b", [16, 18], "ACK", { caller: "echo", qty: 2, deadlineMs: 1_000_115 })),
  ],
  [
    "a cancelled ticket is kept",
    "conservation",
    "e was told CANCELLED and kept its tickets",
    change(isEvent("L", "e"), { atMs: 48 }),
  ],
  [
    "an unpaid ticket is told paid",
    "conservation",
    "e was told CONFIRMED and is not paid",
    change(isCall("cancel", "e"), { outcome: "CONFIRMED" }),
  ],
  [
    "a buyer gets more than his limit",
    "buyer-limit",
    "buyer ba holds 2 of at most 1",
    both(
      change(isCall("buy", "a.1"), { outcome: "ACK", claim: "hold", startMs: 45, endMs: 49 }),
      including(issued("H", "a.1", 47), issued("L", "a.1", 48), order("a.1", "L")),
    ),
  ],
  [
    "a buyer is refused over a limit that he is not at",
    "buyer-limit",
    "buyer bg was refused 1 more while holding 0 of at most 1",
    change(isCall("buy", "g"), { outcome: "USERLIMIT" }),
  ],
  [
    "an order is missing in a book that is read with the last event",
    "one-order",
    "reservation b (ended) has no order",
    both(
      without(isOrder("b")),
      change(({ type }) => type === "book", { atMs: 282 }),
    ),
  ],
  ["an order is missing", "one-order", "reservation b (ended) has no order", without(isOrder("b"))],
  [
    "an order has another state",
    "one-order",
    "reservation a is confirmed, its order says H",
    change(isOrder("a"), { state: "H" }),
  ],
  ["an order is of nobody", "one-order", "order h has no reservation", including(order("h", "X"))],
  [
    "a refund is lost",
    "one-refund",
    "payment pay-again-f confirmed nothing and has 0 refunds",
    without((record) => record.type === "refund"),
  ],
  [
    "a refund is issued twice",
    "one-refund",
    "payment pay-again-f is given back twice",
    including(issued("refund", "f", 68, { paymentId: "pay-again-f" })),
  ],
  [
    "a refund is paid that nobody issued",
    "one-refund",
    "payment pay-a is refunded, yet confirmed a",
    including({ type: "refund", paymentId: "pay-a", id: "a" }),
  ],
  [
    "a redelivered payment hears something else",
    "one-refund",
    "payment pay-again-f was REFUND at first and PAYMENTCONFLICT when delivered again",
    including(call("pay", "f", [90, 92], "PAYMENTCONFLICT", { paymentId: "pay-again-f" })),
  ],
  [
    "both payments of one reservation are kept",
    "one-refund",
    "f was paid with pay-f, and pay-again-f was kept for it too",
    change((record) => record.type === "call" && record.paymentId === "pay-again-f", {
      outcome: "PAID",
    }),
    "no-charge-in-vain",
  ],
  [
    "one payment confirms two reservations",
    "one-refund",
    "payment pay-a confirmed f, and before that it confirmed a",
    change(isEvent("C", "f"), {
      event: { position: "1", kind: "C", id: "f", qty: 1, buyer: "bf", paymentId: "pay-a" },
    }),
    "no-charge-in-vain",
  ],
  [
    "a ticket is confirmed by a payment that nobody made",
    "one-refund",
    "a was confirmed by payment pay-a, which had not been charged",
    change((record) => record.type === "charge" && record.id === "a", { atMs: 40 }),
  ],
  [
    "who paid in time gets nothing",
    "no-charge-in-vain",
    "payment pay-b was charged in time for b and confirmed nothing",
    including(
      charge("b", 50, 115),
      call("pay", "b", [51, 55], "REFUND"),
      issued("refund", "b", 53),
      { type: "refund", paymentId: "pay-b", id: "b" },
    ),
  ],
  [
    "who paid in time gets nothing, and hears of it late",
    "no-charge-in-vain",
    "payment pay-b was charged in time for b and confirmed nothing",
    including(
      charge("b", 50, 115),
      call("pay", "b", [51, 250], "REFUND"),
      issued("refund", "b", 53),
      { type: "refund", paymentId: "pay-b", id: "b" },
    ),
  ],
  [
    "who was told PAID has nothing",
    "no-charge-in-vain",
    "payment pay-b was told PAID for b and confirmed nothing",
    including(charge("b", 50, 115), call("pay", "b", [51, 55], "PAID")),
  ],
  [
    "an outcome stays unknown",
    "unknown-resolved",
    "1 outcomes are still unknown after healing, of c.1 for one",
    without(isCall("query", "c.1")),
  ],
];

test("a history ends with the last thing that it speaks of; of nothing, all is free", () => {
  expect(judge([])).toMatchObject({ endMs: 0, held: 0, confirmed: 0, free: 3 });
  expect(judge([{ type: "settled", atMs: 30 }]).endMs).toBe(30);
  const refusals = [5, 6, 7].map((endMs) => call("buy", `a.${endMs}`, [1, endMs], "SOLDOUT"));
  expect(judge(refusals).endMs).toBe(7);
});

describe("one defect each", () => {
  for (const [what, invariant, detail, defect, ...alsoBroken] of DEFECTS)
    test(what, () => {
      const { findings } = judge(defect(GOOD_SALE));
      expect(findings.first(invariant)?.detail).toContain(detail);
      const broken = INVARIANTS.filter((name) => findings.count(name) > 0);
      expect(broken.toSorted()).toEqual([invariant, ...alsoBroken].toSorted());
    });

  test("every invariant that a history can break is broken by one of them, or below", () => {
    const below = ["no-undersell", "latch", "determinism"];
    const broken = DEFECTS.map(([, invariant]) => invariant);
    expect(INVARIANTS.filter((name) => !broken.includes(name) && !below.includes(name))).toEqual(
      [],
    );
  });
});

describe("sound where an answer has an interval", () => {
  const accepted = (...records: Records): void => {
    const added = including(...records)(GOOD_SALE);
    expect(found(judge(added).findings)).toEqual([]);
  };

  test("an ACK that was said before the expiry and heard after it", () => {
    accepted(call("query", "b", [130, 190], "ACK", { deadlineMs: 1_000_115 }));
  });

  test("an ACK that was said before the expiry and heard after the revival", () => {
    accepted(call("query", "c.1", [200, 283], "ACK", { deadlineMs: 1_000_252 }));
  });

  test("a paid ticket that is taken back, and its payment given back", () => {
    const takenBack = both(
      including(issued("R", "a", 295), issued("refund", "a", 295), {
        type: "refund",
        paymentId: "pay-a",
        id: "a",
      }),
      change(isOrder("a"), { state: "R" }),
      change((record) => record.type === "audit", audit(310, 2, 2)),
    );
    expect(found(judge(takenBack(GOOD_SALE)).findings)).toEqual([]);
  });

  test("an order book that was read before the last event", () => {
    const early = both(
      change((record) => record.type === "book", { atMs: 281 }),
      change(isOrder("c.1"), { state: "X" }),
    );
    expect(found(judge(early(GOOD_SALE)).findings)).toEqual([]);
  });

  test("an ACK of what ended while the counter's answer was on its way", () => {
    accepted(call("query", "b", [160, 164], "ACK", { deadlineMs: 1_000_115 }));
  });

  test("a limit that held when the first click was decided", () => {
    accepted(
      call("buy", "e.1", [38, 48], "USERLIMIT"),
      call("buy", "e.1", [45, 49], "USERLIMIT", { caller: "echo" }),
    );
  });

  test("a lost cancellation that took effect, and one that did not", () => {
    accepted(call("cancel", "a", [36, 39], "NONE"));
    const lost = change(isCall("cancel", "e"), { outcome: "NONE", endMs: null });
    expect(found(judge(lost(GOOD_SALE)).findings)).toEqual([]);
  });

  test("a lost request that never took effect, once its id was asked for", () => {
    accepted(
      call("buy", "h", [80, 110], "NONE"),
      call("query", "h", [120, 124], "TRYAGAIN", { reason: "id-spent" }),
    );
  });

  test("a run that was broken off", () => {
    const cut = tale(GOOD_SALE.filter((record) => record.type !== "issued" || record.atMs < 50));
    expect(found(judgeHistory(cut, false).findings)).toEqual([]);
    expect(found(judgeHistory(cut).findings)).not.toEqual([]);
  });

  test("an audit between the last two events of the stream", () => {
    const early = change((record) => record.type === "audit", audit(281, 2, 2));
    expect(found(judge(early(GOOD_SALE)).findings)).toEqual([]);
    const wrong = change((record) => record.type === "audit", audit(281, 1, 1));
    expect(found(judge(wrong(GOOD_SALE)).findings)[0]).toContain("an audit reads sold 1");
    const readAt = (atMs: number) =>
      change((record) => record.type === "audit", audit(atMs, 2, 2))(GOOD_SALE);
    expect(found(judge(readAt(283)).findings)).toEqual([]);
    expect(found(judge(readAt(283.5)).findings)[0]).toContain("an audit reads sold 2");
  });
});
