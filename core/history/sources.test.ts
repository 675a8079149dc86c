/** Histories of strategies that have no stream: an order database, or a bare count. */
import { describe, expect, test } from "vitest";
import { found } from "../testing/found.ts";
import { judgeHistory } from "./judge-history.ts";
import type { HistoryRecord, RunRecord } from "./records.ts";
import { change, isCall } from "./testing/change.ts";
import { audit, book, call, charge, order, tale } from "./testing/tale.ts";

const DATABASE: Partial<RunRecord> = { authority: "database", source: "stock", tickets: 2 };
const COUNT: Partial<RunRecord> = { source: "none", tickets: 2, maxPerBuyer: 0 };

const foundIn = (run: Partial<RunRecord>, records: readonly HistoryRecord[]): string[] =>
  found(judgeHistory(tale(records, run)).findings);

const stock = (atMs: number, left: number): HistoryRecord => ({ type: "stock", atMs, left });
const sold = { claim: "sale", paid: true, deadlineMs: 0 } as const;
const hold = { deadlineMs: 0 } as const;

describe("order-first", () => {
  /** a pays; b gives his order up, and c has it. */
  const SALE: readonly HistoryRecord[] = [
    call("buy", "a", [10, 14], "ACK", hold),
    stock(12, 1),
    charge("a", 20, -1_000_000),
    call("pay", "a", [21, 25], "PAID"),
    call("buy", "b", [22, 26], "ACK", hold),
    stock(24, 0),
    call("buy", "d", [30, 33], "SOLDOUT", { final: true }),
    call("cancel", "b", [40, 44], "CANCELLED"),
    stock(42, 1),
    call("buy", "c", [45, 49], "ACK", hold),
    stock(47, 0),
    order("a", "C"),
    order("b", "L"),
    order("c", "H"),
    { type: "settled", atMs: 90 },
    book(100, 2, 1, 2),
  ];
  const withMore = (...records: readonly HistoryRecord[]) => [...records, ...SALE];
  const without = (type: string, id: string) =>
    SALE.filter((record) => !(record.type === type && "id" in record && record.id === id));

  test("a good history, with a hoarded ticket", () => {
    const { findings, hoarded, held, confirmed, free, acked, stock } = judgeHistory(
      tale(SALE, DATABASE),
    );
    expect(found(findings)).toEqual([]);
    expect({ hoarded, held, confirmed, free, acked }).toEqual({
      free: 0,
      hoarded: 1,
      held: 1,
      confirmed: 1,
      acked: 3,
    });
    expect(stock.map(({ held, confirmed }) => [held, confirmed])).toEqual([
      [1, 0],
      [2, 0],
      [1, 1],
      [0, 1],
      [1, 1],
    ]);
  });

  test("an ACK too many", () => {
    expect(
      foundIn(DATABASE, withMore(call("buy", "h", [60, 62], "ACK", hold), order("h", "D"))),
    ).toEqual([
      "no-oversell at 62: h made it 3 acknowledged and 1 confirmed of 2",
      "one-order at 62: h was acknowledged and has no order",
    ]);
  });

  test.each([
    ["whose answer was lost", "NONE", true],
    ["whose transaction may have been done for all that the server knew", "TRYAGAIN", true],
    ["that was refused", "CONFIRMED", false],
    ["that was never sent", "UNSENT", false],
  ] as const)("a ticket sold again after a cancellation %s", (_which, outcome, isRight) => {
    const resold = change(isCall("cancel", "b"), { outcome, endMs: null });
    expect(foundIn(DATABASE, resold(SALE))).toEqual(
      isRight ? [] : ["no-oversell at 49: c made it 3 acknowledged and 1 confirmed of 2"],
    );
  });

  test.each([
    ["before he asked to give it up, in vain", 39, true],
    ["in the moment in which he asked to give it up", 40, false],
    ["after he asked to give it up", 43, false],
  ])("a payment that was given back to its buyer %s", (_when, heardMs, inVain) => {
    const refunded = withMore(
      charge("b", 27, -1_000_000),
      call("pay", "b", [28, heardMs], "REFUND"),
      { type: "refund", paymentId: "pay-b", id: "b" },
    );
    expect(foundIn(DATABASE, refunded)).toEqual(
      inVain
        ? [
            `no-charge-in-vain at ${heardMs}: payment pay-b was charged in time for b and confirmed nothing`,
          ]
        : [],
    );
  });

  test("a payment of what was given up in vain, as the request to give it up was never sent", () => {
    const unsent = change(isCall("cancel", "b"), { outcome: "UNSENT", endMs: null });
    const refunded = [
      charge("b", 27, -1_000_000),
      call("pay", "b", [45, 48], "REFUND"),
      { type: "refund", paymentId: "pay-b", id: "b" } as const,
    ];
    expect(foundIn(DATABASE, [...unsent(SALE), ...refunded])).toContain(
      "no-charge-in-vain at 48: payment pay-b was charged in time for b and confirmed nothing",
    );
  });

  const again = [
    charge("a", 20, -1_000_000, "pay-again-a"),
    call("pay", "a", [22, 27], "REFUND", { paymentId: "pay-again-a" }),
  ];
  const bookOfAgain = { type: "refund", paymentId: "pay-again-a", id: "a" } as const;

  test("a second payment that is given back, the first having paid", () => {
    expect(foundIn(DATABASE, withMore(...again, bookOfAgain))).toEqual([]);
  });

  test("of which the book was not read: then nobody knows which payment paid", () => {
    const unread = [...again, ...SALE].filter(({ type }) => type !== "order" && type !== "book");
    expect(foundIn(DATABASE, unread)).toEqual([]);
  });

  test("a payment that is given back, and has the order all the same", () => {
    const refunded = change(isCall("pay", "a"), { outcome: "REFUND" })(SALE);
    const bookOfIt = { type: "refund", paymentId: "pay-a", id: "a" } as const;
    expect(foundIn(DATABASE, [...refunded, bookOfIt])).toEqual([
      "no-charge-in-vain at 25: payment pay-a was charged in time for a and confirmed nothing",
    ]);
  });

  test.each([
    [79.5, true],
    [80, false],
  ])("due at 60, with a grace of 20 ms, and given back at %d: in vain is %s", (heardMs, inVain) => {
    const refunded = withMore(charge("c", 50, 60), call("pay", "c", [51, heardMs], "REFUND"), {
      type: "refund",
      paymentId: "pay-c",
      id: "c",
    });
    expect(judgeHistory(tale(refunded, DATABASE)).chargedInVain).toBe(inVain ? 1 : 0);
  });

  const PAID_C = [charge("c", 50, -1_000_000), call("pay", "c", [51, 55], "PAID")];
  const UNPAID_C =
    "no-charge-in-vain at 55: payment pay-c was told PAID for c and confirmed nothing";

  test("who was told PAID, and has an unpaid order", () => {
    expect(foundIn(DATABASE, withMore(...PAID_C))).toEqual([UNPAID_C]);
  });

  test("who was told PAID, and has no order", () => {
    expect(foundIn(DATABASE, [...without("order", "c"), ...PAID_C])).toContain(UNPAID_C);
  });

  test("who was told that his payment is given back, and has no order", () => {
    const refunded = [
      charge("c", 50, -1_000_000),
      call("pay", "c", [51, 55], "REFUND"),
      { type: "refund", paymentId: "pay-c", id: "c" } as const,
    ];
    expect(foundIn(DATABASE, [...without("order", "c"), ...refunded])).toContain(
      "no-charge-in-vain at 55: payment pay-c was charged in time for c and confirmed nothing",
    );
  });

  test("an order that is nobody's", () => {
    expect(foundIn(DATABASE, withMore(order("h", "L")))).toEqual([
      "conservation at 100: h has an order, and nobody asked for it",
    ]);
  });

  test("an order whose buyer was refused", () => {
    expect(foundIn(DATABASE, withMore(order("d", "L")))).toEqual([
      "conservation at 100: d has an order, and every request for it was refused",
    ]);
  });

  test("a tombstone is no order", () => {
    expect(foundIn(DATABASE, withMore(order("d", "D")))).toEqual([]);
  });

  test("a ticket sold again in the very moment from which it may be given back", () => {
    const resold = change(isCall("buy", "c"), { startMs: 36, endMs: 39, leftMs: 39 });
    const putOff = call("buy", "c", [3, 6], "TRYAGAIN");
    expect(foundIn(DATABASE, [putOff, ...resold(SALE)])).toEqual([]);
  });

  test("an order that is lost", () => {
    expect(foundIn(DATABASE, without("order", "b"))).toEqual([
      "one-order at 26: b was acknowledged and has no order",
    ]);
  });

  test("a stock row that does not fit the orders", () => {
    const records = SALE.map((record) => (record.type === "book" ? book(100, 1, 1, 2) : record));
    expect(foundIn(DATABASE, records)).toEqual([
      "conservation at 100: the stock row says 1 sold, the orders add up to 2",
    ]);
  });

  test("also in a book that was read before everything had reached it", () => {
    const early = { ...book(100, 1, 1, 2), drained: false } as HistoryRecord;
    const records = SALE.map((record) => (record.type === "book" ? early : record));
    expect(foundIn(DATABASE, records)[0]).toContain("the stock row says 1 sold");
  });

  test("a counter's count is no measure where tickets are given back", () => {
    expect(foundIn(DATABASE, withMore(audit(95, 2, 1, 2)))).toEqual([]);
  });

  test("an order of who only asked about one", () => {
    const asked = call("query", "h", [60, 62], "TRYAGAIN", { reason: "id-spent" });
    expect(foundIn(DATABASE, withMore(asked, order("h", "L")))).toEqual([
      "conservation at 100: h has an order, and nobody asked for it",
    ]);
  });

  test("payments confirm as many as were bought, in the order of their answers", () => {
    const { stock: course } = judgeHistory(
      tale(
        [
          call("buy", "a", [10, 14], "ACK", { qty: 2, ...hold }),
          stock(12, 2),
          call("query", "a", [15, 17], "ACK", hold),
          call("buy", "b", [16, 20], "ACK", hold),
          stock(18, 1),
          call("pay", "a", [21, 25], "PAID"),
          call("pay", "b", [22, 24], "PAID"),
        ],
        { ...DATABASE, tickets: 4 },
      ),
    );
    expect(course.map(({ atMs, held, confirmed, free }) => [atMs, held, confirmed, free])).toEqual([
      [12, 2, 0, 2],
      [18, 3, 0, 1],
      [24, 2, 1, 1],
      [25, 0, 3, 1],
    ]);
  });

  test("SOLDOUT with stock on the row for long", () => {
    const late = [call("buy", "e", [190, 193], "SOLDOUT"), stock(101, 1)];
    expect(foundIn(DATABASE, [...SALE, ...late])[0]).toContain("latch at 190");
  });
});

describe("pay-first", () => {
  const placed = { claim: "order", deadlineMs: 0 } as const;
  const SALE: readonly HistoryRecord[] = [
    call("buy", "a", [10, 14], "ACK", placed),
    call("buy", "b", [10, 14], "ACK", placed),
    call("buy", "c", [10, 14], "ACK", placed),
    charge("a", 20, -1_000_000),
    charge("b", 20, -1_000_000),
    call("pay", "a", [21, 25], "PAID"),
    stock(23, 1),
    call("pay", "b", [24, 28], "PAID"),
    stock(26, 0),
    call("cancel", "c", [30, 34], "CANCELLED"),
    order("a", "C"),
    order("b", "C"),
    order("c", "L"),
    book(100, 2, 2, 2),
  ];

  test("orders alone promise nothing", () => {
    expect(foundIn(DATABASE, SALE)).toEqual([]);
    expect(judgeHistory(tale(SALE, DATABASE)).acked).toBe(0);
  });

  test("whoever pays and gets nothing is charged in vain", () => {
    const records: readonly HistoryRecord[] = [
      ...SALE.filter((record) => record.type !== "call" || record.kind !== "cancel"),
      { ...charge("c", 30, 0), deadlineMs: 0 },
      call("pay", "c", [31, 35], "REFUND"),
      { type: "refund", paymentId: "pay-c", id: "c" },
    ];
    expect(foundIn(DATABASE, records)).toEqual([
      "no-charge-in-vain at 35: payment pay-c was charged in time for c and confirmed nothing",
    ]);
  });

  test("more paid than there are", () => {
    const records: readonly HistoryRecord[] = [
      ...SALE.filter(
        (record) =>
          record.type !== "order" && !(record.type === "call" && record.kind === "cancel"),
      ),
      order("a", "C"),
      order("b", "C"),
      charge("c", 27, 0),
      call("pay", "c", [28, 29], "PAID"),
      order("c", "C"),
    ];
    expect(foundIn(DATABASE, records)).toContain(
      "no-oversell at 29: c made it 3 acknowledged and 3 confirmed of 2",
    );
  });
});

describe("a bare count", () => {
  const acks = (...ids: readonly string[]) =>
    ids.map((id, i) => call("buy", id, [10 + i, 14 + i], "ACK", sold));

  test("as many as were acknowledged", () => {
    const records = [...acks("a", "b"), call("buy", "c", [30, 32], "SOLDOUT"), audit(99, 2, 2, 2)];
    expect(foundIn(COUNT, records)).toEqual([]);
    expect(judgeHistory(tale(records, COUNT))).toMatchObject({ held: 0, confirmed: 2, free: 0 });
  });

  test("fewer than were acknowledged", () => {
    expect(foundIn(COUNT, [...acks("a", "b"), audit(99, 1, 1, 2)])).toEqual([
      "conservation at 99: 1 tickets are counted as sold, 2 were acknowledged and 0 more are possible",
    ]);
  });

  test("a request for two that was lost may have been sold again; a lost question sells nothing", () => {
    const records = [
      call("buy", "a", [10, 14], "NONE", { qty: 2 }),
      call("query", "a", [15, 16], "NONE"),
      call("query", "a", [20, 24], "ACK", sold),
    ];
    const run = { ...COUNT, tickets: 6 };
    expect(foundIn(run, [...records, audit(99, 4, 4, 6)])).toEqual([]);
    expect(foundIn(run, [...records, audit(99, 5, 5, 6)])).toEqual([
      "conservation at 99: 5 tickets are counted as sold, 2 were acknowledged and 2 more are possible",
    ]);
  });

  test("one more than there are", () => {
    const { findings, oversold, acked } = judgeHistory(
      tale([...acks("a", "b", "c"), audit(99, 3, 3, 2)], COUNT),
    );
    expect(found(findings)).toEqual([
      "no-oversell at 16: c made it 3 acknowledged and 3 confirmed of 2",
    ]);
    expect({ oversold, acked }).toEqual({ oversold: 1, acked: 3 });
  });

  test("more than anybody was told", () => {
    expect(foundIn(COUNT, [...acks("a"), audit(99, 2, 2, 2)])).toEqual([
      "conservation at 99: 2 tickets are counted as sold, 1 were acknowledged and 0 more are possible",
    ]);
  });

  test("what a lost answer may have sold", () => {
    expect(
      foundIn(COUNT, [...acks("a"), call("buy", "b", [20, 40], "NONE"), audit(99, 2, 2, 2)]),
    ).toEqual(["unknown-resolved at 99: 1 outcomes are still unknown after healing, of b for one"]);
  });

  test("sold out with a ticket left, which was free all along", () => {
    const refusal = call("buy", "b", [80, 82], "SOLDOUT", { final: true });
    const { findings, undersold, falseSoldOut } = judgeHistory(
      tale([...acks("a"), refusal, audit(99, 1, 1, 2)], COUNT),
    );
    expect({ undersold, falseSoldOut }).toEqual({ undersold: 1, falseSoldOut: 1 });
    expect(found(findings)).toHaveLength(2);
  });

  test("of which nothing is known: then nothing is said of it", () => {
    const refusal = call("buy", "b", [80, 82], "SOLDOUT", { final: true });
    expect(foundIn(COUNT, [...acks("a"), refusal])).toEqual([]);
    const { undersold, falseSoldOut } = judgeHistory(tale([...acks("a"), refusal], COUNT));
    expect({ undersold, falseSoldOut }).toEqual({ undersold: 0, falseSoldOut: 0 });
  });
});
