import { expect, test } from "vitest";
import type { CounterCall } from "./calls.ts";
import {
  counterKeys,
  decodeOutboxEntry,
  decodeReply,
  decodeRow,
  decodeScriptError,
  encodeCall,
  SCRIPT_NAMES,
} from "./encoding.ts";
import { counterOnRedis } from "./redis-counter.ts";

const KEYS = [
  "{sale}:sale",
  "{sale}:rows",
  "{sale}:deadlines",
  "{sale}:retired",
  "{sale}:outbox",
  "{sale}:buyers",
  "{sale}:payments",
  "{sale}:servers",
];

const ITEM = {
  id: "r1",
  qty: 2,
  buyer: "b1",
  ttlMs: 900,
  maxPerBuyer: 5,
  requestDeadlineMs: 123_456,
};
const IDS = [{ id: "r1" }, { id: "r2" }];
const RESERVE: CounterCall = {
  script: "reserve",
  epoch: 7,
  server: "s1",
  incarnation: 3,
  items: [ITEM, { ...ITEM, id: "r2", buyer: "" }],
};
const GRANT: CounterCall = { script: "grant", epoch: 7, server: "s1", liveMs: 250 };
const SWEEP: CounterCall = { script: "sweep", epoch: 7, limit: 10, graceMs: 20, retainMs: 30 };
const SETTLE: CounterCall = { script: "settle", epoch: 7, items: IDS };

test.each<[CounterCall, string[]]>([
  [{ script: "init", total: 100, epoch: 7 }, ["100", "7"]],
  [{ script: "open", epoch: 7 }, ["7"]],
  [RESERVE, ["7", "s1", "3", "r1", "b1", "2|900|5|123456", "r2", "", "2|900|5|123456"]],
  [
    {
      script: "confirm",
      epoch: 7,
      latePayment: "strict",
      items: [
        { id: "r1", paymentId: "p1" },
        { id: "r2", paymentId: "p2" },
      ],
    },
    ["7", "strict", "r1", "p1", "r2", "p2"],
  ],
  [{ script: "release", epoch: 7, items: IDS }, ["7", "", "r1", "r2"]],
  [{ script: "refund", epoch: 7, reason: "buyer", items: IDS }, ["7", "buyer", "r1", "r2"]],
  [SETTLE, ["7", "r1", "r2"]],
  [GRANT, ["7", "s1", "250"]],
  [SWEEP, ["7", "10", "20", "30"]],
  [{ script: "resize", epoch: 7, newTotal: 120, expectedTotal: 100 }, ["7", "120", "100"]],
  [{ script: "audit" }, []],
])("%j is encoded as its script, the keys of the sale and its arguments", (call, argv) => {
  expect(encodeCall("sale", call)).toEqual({ script: call.script, keys: KEYS, argv });
  expect(counterKeys("sale")).toEqual(KEYS);
});

const HEAD = ["OK", 7, 4, 90, 1000];
const SAID = {
  error: null,
  code: "OK",
  epoch: 7,
  generation: 4,
  left: 90,
  timeMs: 1000,
  results: [],
  swept: [],
  liveServers: 0,
  audit: null,
};
const NO_ROW = { state: "", deadlineMs: 0, server: "", incarnation: 0, qty: 0 };

test("an item is answered by a code, or by a code and the row", () => {
  expect(decodeReply(RESERVE, [...HEAD, "DUP|H|2|1900|s9|1|b1|5|", "SOLDOUT"])).toEqual({
    ...SAID,
    results: [
      { code: "DUP", state: "H", deadlineMs: 1900, server: "s9", incarnation: 1, qty: 2 },
      { code: "SOLDOUT", ...NO_ROW },
    ],
  });
});

test("a fenced batch says so of every item, and of a call without items once", () => {
  const fenced = ["FENCED", 8, 4, 90, 1000];
  const said = { ...SAID, code: "FENCED", epoch: 8 };
  expect(decodeReply(SETTLE, fenced)).toEqual({
    ...said,
    results: [
      { code: "FENCED", ...NO_ROW },
      { code: "FENCED", ...NO_ROW },
    ],
  });
  expect(decodeReply(GRANT, fenced)).toEqual(said);
});

test("grant counts live servers, sweep names what expired, audit sums up", () => {
  expect(decodeReply(GRANT, [...HEAD, 12])).toEqual({ ...SAID, liveServers: 12 });
  expect(decodeReply(SWEEP, [...HEAD, "2|r1", "1|r2"])).toEqual({
    ...SAID,
    swept: [
      { id: "r1", qty: 2 },
      { id: "r2", qty: 1 },
    ],
  });
  expect(decodeReply({ script: "audit" }, [...HEAD, 1, 2, 3, 4, 5, 6, 7, 8])).toEqual({
    ...SAID,
    audit: {
      total: 1,
      sold: 2,
      heldUnits: 3,
      confirmedUnits: 4,
      heldRows: 5,
      deadlines: 6,
      buyerUnits: 7,
      namedUnits: 8,
    },
  });
});

test("what has no items, sweeps nothing and counts nobody says nothing of them", () => {
  expect(decodeReply({ script: "open", epoch: 7 }, HEAD)).toEqual(SAID);
});

test("every script has a name, a file beside the others, and its keys, of which one is the outbox", () => {
  expect(SCRIPT_NAMES).toEqual(
    "init open reserve confirm release refund settle grant sweep resize audit".split(" "),
  );
  expect(counterOnRedis.scriptFolder).toBe("counter/lua/");
  expect(counterOnRedis.outboxKey("sale")).toBe("{sale}:outbox");
});

test("what is no reply of the counter is not taken for one", () => {
  for (const raw of [null, "OK, 7, 4, 90 and 1000", [], HEAD.slice(1)])
    expect(() => decodeReply({ script: "audit" }, raw)).toThrow(
      new TypeError("not a reply of the counter"),
    );
});

test("a sale's id must be fit for a hash tag", () => {
  expect(counterKeys("2026-spring.G1:a_b")[0]).toBe("{2026-spring.G1:a_b}:sale");
  for (const id of ["", "a}b", "{a", "a b", "x".repeat(65)]) {
    expect(() => counterKeys(id)).toThrow(/not a sale id/);
  }
});

test("an error is a refusal only if the script made it", () => {
  expect(decodeScriptError("BADQTY: nothing was written")?.error).toBe("BADQTY");
  for (const message of ["OOM command not allowed", "WRONGTYPE ...", "NOSCRIPT ...", "BADQTYX: "]) {
    expect(decodeScriptError(message)).toBe(null);
  }
});

test.each(["NOEVENT", "BADQTY", "BADARG", "BADTTL", "BADTOTAL"])("%s is a refusal", (error) => {
  expect(decodeScriptError(`${error}: why`)?.error).toBe(error);
});

test("a refusal of the script says nothing but what it is", () => {
  expect(decodeScriptError("BADTTL: a hold must last")).toEqual({
    ...SAID,
    error: "BADTTL",
    epoch: 0,
    generation: 0,
    left: 0,
    timeMs: 0,
  });
});

const ROW = "2|1900|s9|1|b1|5|p1";

test("a row has its eight fields", () => {
  expect(decodeRow(`C|${ROW}`)).toEqual({
    state: "C",
    qty: 2,
    deadlineMs: 1900,
    server: "s9",
    incarnation: 1,
    buyer: "b1",
    maxPerBuyer: 5,
    paymentId: "p1",
  });
});

test("an event is a row that entered a state, its payment told only where it confirmed", () => {
  const event = { position: "1-0", id: "r1", qty: 2, buyer: "b1" };
  const decoded = (text: string): unknown => decodeOutboxEntry("1-0", ["r1", text]);
  expect(decoded(`C|${ROW}`)).toStrictEqual({ ...event, kind: "C", paymentId: "p1" });
  expect(decoded(`R|${ROW}`)).toStrictEqual({ ...event, kind: "R", paymentId: "" });
  expect(decoded(`L|${ROW}|buyer`)).toStrictEqual({
    ...event,
    kind: "L",
    paymentId: "",
    reason: "buyer",
  });
  expect(decoded("refund|2|b1|p1")).toStrictEqual({ ...event, kind: "refund", paymentId: "p1" });
});
