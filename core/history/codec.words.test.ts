/** Every word that a record may say is read again, and no other. */
import { expect, test } from "vitest";
import { decodeRecord, encodeRecord } from "./codec.ts";
import type { CallRecord, HistoryRecord, RunRecord } from "./records.ts";
import { call, issued, order, RUN } from "./testing/tale.ts";

type Issued = Extract<HistoryRecord, { type: "issued" }>["event"];
type Order = Extract<HistoryRecord, { type: "order" }>;

/** A table, because the compiler then sees that none is left out. */
const all = <Word extends string>(words: Readonly<Record<Word, 0>>): string[] => Object.keys(words);

const CALL = call("buy", "a", [1, 2], "ACK");

const WORDS: readonly (readonly [string, string[], (word: string) => object])[] = [
  [
    "run.authority",
    all<RunRecord["authority"]>({ counter: 0, database: 0 }),
    (authority) => ({ ...RUN, authority }),
  ],
  [
    "run.source",
    all<RunRecord["source"]>({ outbox: 0, stock: 0, none: 0 }),
    (source) => ({ ...RUN, source }),
  ],
  [
    "run.latePayment",
    all<RunRecord["latePayment"]>({ lazy: 0, strict: 0, revive: 0 }),
    (latePayment) => ({ ...RUN, latePayment }),
  ],
  [
    "call.kind",
    all<CallRecord["kind"]>({ buy: 0, pay: 0, cancel: 0, query: 0 }),
    (kind) => ({ ...CALL, kind }),
  ],
  [
    "call.caller",
    all<CallRecord["caller"]>({ buyer: 0, bot: 0, echo: 0, provider: 0, resolver: 0, probe: 0 }),
    (caller) => ({ ...CALL, caller }),
  ],
  [
    "call.outcome",
    all<CallRecord["outcome"]>({
      ACK: 0,
      SOLDOUT: 0,
      USERLIMIT: 0,
      TRYAGAIN: 0,
      UNKNOWN: 0,
      PAID: 0,
      REFUND: 0,
      PAYMENTCONFLICT: 0,
      CANCELLED: 0,
      CONFIRMED: 0,
      NONE: 0,
      UNSENT: 0,
    }),
    (outcome) => ({ ...CALL, outcome }),
  ],
  [
    "call.claim",
    all<NonNullable<CallRecord["claim"]>>({ hold: 0, sale: 0, order: 0 }),
    (claim) => ({ ...CALL, claim }),
  ],
  [
    "call.reason",
    all<NonNullable<CallRecord["reason"]>>({
      quota: 0,
      unreachable: 0,
      overload: 0,
      draining: 0,
      "not-open": 0,
      late: 0,
      "id-spent": 0,
    }),
    (reason) => ({ ...CALL, reason }),
  ],
  [
    "issued.event.kind",
    all<Issued["kind"]>({ H: 0, C: 0, X: 0, L: 0, R: 0, refund: 0 }),
    (kind) => issued(kind as Issued["kind"], "a", 1),
  ],
  [
    "order.state",
    all<Order["state"]>({ O: 0, H: 0, C: 0, X: 0, L: 0, R: 0, D: 0 }),
    (state) => order("a", state as Order["state"]),
  ],
];

test.each(WORDS)("%s", (field, words, recordOf) => {
  for (const word of words) {
    const record = recordOf(word) as HistoryRecord;
    expect(decodeRecord(encodeRecord(record))).toEqual(record);
  }
  const orNull = field === "call.claim" || field === "call.reason" ? ", or null" : "";
  for (const word of ["", "gift"])
    expect(() => decodeRecord(JSON.stringify(recordOf(word)))).toThrow(
      `${field} must be one of ${words.join(", ")}${orNull}, not "${word}"`,
    );
});

test.each([
  [{ ...CALL, id: 7 }, "call.id must be text, not 7"],
  [{ ...CALL, paid: 0 }, "call.paid must be true or false, not 0"],
  [{ ...CALL, endMs: "soon" }, 'call.endMs must be a number, or null, not "soon"'],
])("another kind of value: %#", (record, message) => {
  expect(() => decodeRecord(JSON.stringify(record))).toThrow(message);
});
