import { expect, test } from "vitest";
import { decodeHistory, decodeRecord, encodeRecord } from "./codec.ts";
import { HistoryError, HistoryLog } from "./history.ts";
import { bookRecords } from "./history.ts";
import type { HistoryRecord } from "./records.ts";
import { GOOD_SALE } from "./testing/good-sale.ts";
import { audit, book, call, issued, order, RUN, tale } from "./testing/tale.ts";

const RECORDS: readonly HistoryRecord[] = [
  ...GOOD_SALE,
  { type: "stock", atMs: 1, left: 2 },
  issued("L", "z", 400, { reason: "buyer" }),
];

const CALL = call("buy", "a", [1, 2], "ACK");

test("a history read back is the one that was written", () => {
  const calls = [RUN, ...RECORDS].map(encodeRecord);
  const log = new HistoryLog(RUN);
  for (const record of RECORDS) log.add(record);
  expect(decodeHistory([...calls.slice(0, 3), "", ...calls.slice(3), ""])).toEqual(log.history());
});

test("a history of nothing but its head", () => {
  expect(decodeHistory([encodeRecord(RUN)])).toEqual({
    run: RUN,
    calls: [],
    charges: [],
    issued: [],
    stock: [],
    faults: [],
    settledMs: null,
    audit: null,
    book: null,
  });
});

test("a fault is kept for the timeline", () => {
  const fault = { type: "fault", kind: "worker-kill", target: 0, atMs: 5, endMs: null } as const;
  expect(tale([fault]).faults).toEqual([fault]);
});

test("the records of an order book give the book again", () => {
  const { book } = tale(GOOD_SALE);
  const again = tale([...bookRecords(book!.database, book!.drained, book!.atMs)]);
  expect(again.book).toEqual(book);
  expect(book!.database.refunds).toEqual(new Map([["pay-again-f", "f"]]));
});

test.each<[string, unknown, string]>([
  ["cut off", '{"type":"call","ki', "not a line of JSON (cut off?)"],
  ["a list", "[1]", "a record is a JSON object"],
  ["a number", "1", "a record is a JSON object"],
  [
    "no such type",
    { type: "toString" },
    'type must be one of run, call, charge, issued, stock, fault, settled, audit, order, refund, book, not "toString"',
  ],
  [
    "no type",
    {},
    "type must be one of run, call, charge, issued, stock, fault, settled, audit, order, refund, book, not nothing",
  ],
  [
    "a type that is no text",
    { type: ["settled"], atMs: 1 },
    'type must be one of run, call, charge, issued, stock, fault, settled, audit, order, refund, book, not ["settled"]',
  ],
  ["a field missing", { type: "stock", atMs: 1 }, "stock.left is missing"],
  ["a field too many", { type: "settled", atMs: 1, x: 1 }, "settled.x is not a field of a history"],
  [
    "a field of another kind",
    { type: "settled", atMs: "soon" },
    'settled.atMs must be a number, not "soon"',
  ],
  [
    "a text that is none",
    { type: "fault", kind: 1, target: null, atMs: 1, endMs: null },
    "fault.kind must be text, not 1",
  ],
  ["a flag that is none", { ...CALL, final: 1 }, "call.final must be true or false, not 1"],
  [
    "a number that is none",
    `{"type":"settled","atMs":1e999}`,
    "settled.atMs must be a number, not null",
  ],
  [
    "a word that is none",
    { ...CALL, claim: "gift" },
    'call.claim must be one of hold, sale, order, or null, not "gift"',
  ],
  [
    "a text that is long",
    { type: "settled", atMs: "x".repeat(60) },
    `settled.atMs must be a number, not "${"x".repeat(39)}…`,
  ],
  [
    "a text that is just short enough",
    { type: "settled", atMs: "x".repeat(38) },
    `settled.atMs must be a number, not "${"x".repeat(38)}"`,
  ],
  [
    "a nested field",
    { ...issued("H", "a", 1, { qty: -1 }) },
    "issued.event.qty must be a whole number from 0 on, not -1",
  ],
  [
    "a nested object that is none",
    { ...issued("H", "a", 1), event: null },
    "issued.event must be an object, not null",
  ],
])("refuses what is no record: %s", (_what, record, message) => {
  const line = typeof record === "string" ? record : JSON.stringify(record);
  expect(() => decodeRecord(line)).toThrow(new HistoryError(message));
});

test.each<[string, object, string]>([
  ["run.authority", { ...RUN, authority: "?" }, "counter, database"],
  ["run.source", { ...RUN, source: "?" }, "outbox, stock, none"],
  ["run.latePayment", { ...RUN, latePayment: "?" }, "lazy, strict, revive"],
  ["call.kind", { ...CALL, kind: "?" }, "buy, pay, cancel, query"],
  ["call.caller", { ...CALL, caller: "?" }, "buyer, bot, echo, provider, resolver, probe"],
  [
    "call.outcome",
    { ...CALL, outcome: "?" },
    "ACK, SOLDOUT, USERLIMIT, TRYAGAIN, UNKNOWN, PAID, REFUND, PAYMENTCONFLICT, CANCELLED, CONFIRMED, NONE, UNSENT",
  ],
  [
    "call.reason",
    { ...CALL, reason: "?" },
    "quota, unreachable, overload, draining, not-open, late, id-spent, or null",
  ],
  [
    "issued.event.kind",
    { ...issued("H", "a", 1), event: { kind: "?", position: "1-0" } },
    "H, C, X, L, R, refund",
  ],
  ["order.state", { ...order("a", "H"), state: "?" }, "O, H, C, X, L, R, D"],
])("%s must be one of its words", (field, record, words) => {
  expect(() => decodeRecord(JSON.stringify(record))).toThrow(
    new HistoryError(`${field} must be one of ${words}, not "?"`),
  );
});

test.each<[string, string[], string]>([
  ["empty", ["", " "], "a history begins with a record of type run; it is empty"],
  [
    "without its head",
    ['{"type":"settled","atMs":1}'],
    "line 1: a history begins with a record of type run, not settled",
  ],
  [
    "with two heads",
    [encodeRecord(RUN), "", encodeRecord(RUN)],
    "line 3: a history has one record of type run, this one has two",
  ],
  ...[{ type: "settled", atMs: 1 } as const, audit(1, 0, 0), book(1, 0, 0)].map(
    (record): [string, string[], string] => [
      `of two records of type ${record.type}`,
      [RUN, record, record].map(encodeRecord),
      `line 3: a history has one record of type ${record.type}, this one has two`,
    ],
  ),
])("refuses a history that is %s", (_what, lines, message) => {
  expect(() => decodeHistory(lines)).toThrow(message);
});

test("an error of a history says what it is, and of what line", () => {
  const cause = new HistoryError("settled.atMs is missing");
  expect(() => decodeHistory([encodeRecord(RUN), '{"type":"settled"}'])).toThrow(
    new HistoryError("line 2: settled.atMs is missing", { cause }),
  );
  expect(String(cause)).toBe("HistoryError: settled.atMs is missing");
});
