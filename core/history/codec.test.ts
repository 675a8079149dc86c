import { expect, test } from "vitest";
import { decodeHistory, decodeRecord, encodeRecord } from "./codec.ts";
import { HistoryError, HistoryLog } from "./history.ts";
import { bookRecords } from "./history.ts";
import type { HistoryRecord } from "./records.ts";
import { GOOD_SALE } from "./testing/good-sale.ts";
import { call, issued, RUN, tale } from "./testing/tale.ts";

const RECORDS: readonly HistoryRecord[] = [
  ...GOOD_SALE,
  { type: "stock", atMs: 1, left: 2 },
  issued("L", "z", 400, { reason: "buyer" }),
];

test("a history read back is the one that was written", () => {
  const calls = [RUN, ...RECORDS].map(encodeRecord);
  const log = new HistoryLog(RUN);
  for (const record of RECORDS) log.add(record);
  expect(decodeHistory([...calls.slice(0, 3), "", ...calls.slice(3), ""])).toEqual(log.history());
});

test("the records of an order book give the book again", () => {
  const { book } = tale(GOOD_SALE);
  const again = tale([...bookRecords(book!.database, book!.drained, book!.atMs)]);
  expect(again.book).toEqual(book);
  expect(book!.database.refunds).toEqual(new Map([["pay-again-f", "f"]]));
});

test.each<[string, unknown, string]>([
  ["cut off", '{"type":"call","ki', "not a line of JSON (cut off?)"],
  ["no object", "[1]", "a record is a JSON object"],
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
  ["a field missing", { type: "stock", atMs: 1 }, "stock.left is missing"],
  ["a field too many", { type: "settled", atMs: 1, x: 1 }, "settled.x is not a field of a history"],
  [
    "a field of another kind",
    { type: "settled", atMs: "soon" },
    'settled.atMs must be a number, not "soon"',
  ],
  [
    "a number that is none",
    `{"type":"settled","atMs":1e999}`,
    "settled.atMs must be a number, not null",
  ],
  [
    "a word that is none",
    { ...call("buy", "a", [1, 2], "ACK"), claim: "gift" },
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
  [
    "settled twice",
    [encodeRecord(RUN), '{"type":"settled","atMs":1}', '{"type":"settled","atMs":2}'],
    "line 3: a history has one record of type settled, this one has two",
  ],
])("refuses a history that is %s", (_what, lines, message) => {
  expect(() => decodeHistory(lines)).toThrow(message);
});
