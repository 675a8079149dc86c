/** Histories of strategies that have no stream: an order database, or a bare count. */
import { describe, expect, test } from "vitest";
import { found } from "../testing/found.ts";
import { judgeHistory } from "./judge-history.ts";
import type { HistoryRecord, RunRecord } from "./records.ts";
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
    const { findings, hoarded, held, confirmed, acked, stock } = judgeHistory(tale(SALE, DATABASE));
    expect(found(findings)).toEqual([]);
    expect({ hoarded, held, confirmed, acked }).toEqual({
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

  test("a ticket sold again after a cancellation whose answer was lost", () => {
    const lost = SALE.map((record) =>
      record.type === "call" && record.kind === "cancel"
        ? { ...record, outcome: "NONE" as const, endMs: null }
        : record,
    );
    expect(foundIn(DATABASE, lost)).toEqual([]);
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
    const records = SALE.map((record) =>
      record.type === "call" && record.id === "c" ? { ...record, startMs: 36, endMs: 39 } : record,
    );
    expect(foundIn(DATABASE, records)).toEqual([]);
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
  });
});
