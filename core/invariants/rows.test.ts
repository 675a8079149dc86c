import { describe, expect, test } from "vitest";
import type {
  CounterCall,
  CounterReply,
  ItemCode,
  ItemResult,
  ReserveItem,
} from "../counter/calls.ts";
import { found } from "../testing/found.ts";
import { COUNTER_MS, HELD, reply, result } from "../testing/replies.ts";
import { Findings } from "./findings.ts";
import { RowModel } from "./rows.ts";

const TICKETS = 5;
const GRACE_MS = 500;
const DEADLINE_MS = HELD.deadlineMs!;
const PAID: Partial<ItemResult> = { ...HELD, state: "C" };

type Event = readonly [call: CounterCall, reply: CounterReply];
type Row = Partial<ItemResult>;

/** `left` is what the counter says it has after the call. */
function reserve(
  id: string,
  code: ItemCode,
  left: number,
  item: Partial<ReserveItem> = {},
  row: Row = code === "OK" ? HELD : {},
): Event {
  const asked = { id, qty: 1, buyer: "b1", ttlMs: 10_000, maxPerBuyer: 3, requestDeadlineMs: 0 };
  return [
    { script: "reserve", epoch: 7, server: "s1", incarnation: 0, items: [{ ...asked, ...item }] },
    reply({ left, results: [result(code, row)] }),
  ];
}

function byId(script: "release" | "refund", id: string, code: ItemCode, left: number): Event {
  return [{ script, epoch: 7, items: [{ id }] }, reply({ left, results: [result(code)] })];
}

function confirm(id: string, code: ItemCode, left: number): Event {
  const items = [{ id, paymentId: `p-${id}` }];
  return [
    { script: "confirm", epoch: 7, latePayment: "revive", items },
    reply({ left, results: [result(code)] }),
  ];
}

function sweep(ids: readonly string[], left: number, timeMs = DEADLINE_MS + GRACE_MS): Event {
  return [
    { script: "sweep", epoch: 7, limit: 9, graceMs: GRACE_MS, retainMs: 60_000 },
    reply({ left, timeMs, swept: ids.map((id) => ({ id, qty: 1 })) }),
  ];
}

function resize(newTotal: number, code: CounterReply["code"], left: number): Event {
  const call = { script: "resize", epoch: 7, newTotal, expectedTotal: TICKETS } as const;
  return [call, reply({ code, left })];
}

/** Event i is at i ms; there are 5 tickets. */
function observe(...events: readonly Event[]) {
  const findings = new Findings();
  const rows = new RowModel(findings, TICKETS);
  events.forEach(([call, answer], atMs) => rows.observe(call, answer, atMs));
  return { findings, rows };
}

describe("good histories", () => {
  interface Sums {
    readonly total?: number;
    readonly free: number;
    readonly held?: number;
    readonly confirmed?: number;
    readonly heldRows?: number;
  }

  const A = reserve("a", "OK", 3, { qty: 2 });

  test.each<[string, Event[], Sums]>([
    ["nothing happened", [], { free: 5 }],
    ["a hold", [A], { free: 3, held: 2, heldRows: 1 }],
    ["a sale without a hold", [reserve("a", "OK", 3, { qty: 2 }, PAID)], { free: 3, confirmed: 2 }],
    ["a hold is paid", [A, confirm("a", "OK", 3)], { free: 3, confirmed: 2 }],
    ["a hold is released", [A, byId("release", "a", "OK", 5)], { free: 5 }],
    ["a hold expires at deadline + grace", [A, sweep(["a"], 5)], { free: 5 }],
    [
      "an expired one is revived",
      [A, sweep(["a"], 5), confirm("a", "REVIVED", 3)],
      { free: 3, confirmed: 2 },
    ],
    [
      "a paid one is refunded",
      [A, confirm("a", "OK", 3), byId("refund", "a", "OK", 5)],
      { free: 5 },
    ],
    ["the sale grows", [A, resize(6, "OK", 4)], { total: 6, free: 4, held: 2, heldRows: 1 }],
    [
      "the sale grows not, for it had another size",
      [A, resize(6, "CONFLICT", 3)],
      { free: 3, held: 2, heldRows: 1 },
    ],
    [
      "the last ticket is sold",
      [reserve("a", "OK", 0, { qty: 5, maxPerBuyer: 5 })],
      { free: 0, held: 5, heldRows: 1 },
    ],
    [
      "a refusal is right",
      [A, reserve("b", "SOLDOUT", 3, { qty: 4 })],
      { free: 3, held: 2, heldRows: 1 },
    ],
    [
      "at the buyer's limit",
      [A, reserve("b", "OK", 2), reserve("c", "USERLIMIT", 2)],
      { free: 2, held: 3, heldRows: 2 },
    ],
    [
      "what a buyer gave back does not count",
      [A, byId("release", "a", "OK", 5), reserve("b", "OK", 2, { qty: 3 })],
      { free: 2, held: 3, heldRows: 1 },
    ],
    [
      "what was refunded does not count",
      [A, confirm("a", "OK", 3), byId("refund", "a", "OK", 5), reserve("b", "OK", 2, { qty: 3 })],
      { free: 2, held: 3, heldRows: 1 },
    ],
    [
      "what was revived counts again",
      [A, sweep(["a"], 5), confirm("a", "REVIVED", 3), reserve("b", "USERLIMIT", 3, { qty: 2 })],
      { free: 3, confirmed: 2 },
    ],
    [
      "no limit",
      [A, reserve("b", "OK", 1, { qty: 2, maxPerBuyer: 0 })],
      { free: 1, held: 4, heldRows: 2 },
    ],
    [
      "no name, no limit",
      [reserve("a", "OK", 3, { qty: 2, buyer: "" }), reserve("b", "OK", 1, { qty: 2, buyer: "" })],
      { free: 1, held: 4, heldRows: 2 },
    ],
    [
      "a DUP of what is held, or paid",
      [
        A,
        reserve("a", "DUP", 3, { qty: 2 }, HELD),
        confirm("a", "OK", 3),
        reserve("a", "DUP", 3, { qty: 2 }, PAID),
      ],
      { free: 3, confirmed: 2 },
    ],
    [
      "a DUP of what has ended, or never was",
      [
        A,
        sweep(["a"], 5),
        reserve("a", "DUP", 5, { qty: 2 }, { ...HELD, state: "X" }),
        reserve("z", "DUP", 5, {}, { state: "D" }),
      ],
      { free: 5 },
    ],
    [
      "refusals of what is not there",
      [
        confirm("z", "NOSUCH", 5),
        confirm("z", "RELEASED", 5),
        byId("release", "z", "TOMBSTONE", 5),
        byId("refund", "z", "NOSUCH", 5),
        reserve("z", "LATE", 5),
      ],
      { free: 5 },
    ],
    [
      "a refusal under an id that has ended",
      [A, sweep(["a"], 5), reserve("a", "LATE", 5, { qty: 2 })],
      { free: 5 },
    ],
    [
      "at the last instant of the request",
      [reserve("a", "OK", 4, { requestDeadlineMs: COUNTER_MS })],
      { free: 4, held: 1, heldRows: 1 },
    ],
    [
      "calls that move nothing",
      [
        A,
        [{ script: "grant", epoch: 7, server: "s1", liveMs: 1 }, reply({ left: 3 })],
        [{ script: "audit" }, reply({ left: 3 })],
      ],
      { free: 3, held: 2, heldRows: 1 },
    ],
    [
      "what was refused as a whole says nothing",
      [
        [A[0], reply({ error: "NOEVENT", left: 0 })],
        [A[0], reply({ code: "FENCED", left: 0, results: [result("FENCED")] })],
      ],
      { free: 5 },
    ],
  ])("%s", (_what, events, sums) => {
    const { findings, rows } = observe(...events);
    expect(found(findings)).toEqual([]);
    const { total, free, held, confirmed, heldRows } = rows;
    expect({ total, free, held, confirmed, heldRows }).toEqual({
      total: TICKETS,
      held: 0,
      confirmed: 0,
      heldRows: 0,
      ...sums,
    });
  });

  test("a batch is many events, each after the one before", () => {
    const item = { qty: 1, buyer: "b1", ttlMs: 1, maxPerBuyer: 3, requestDeadlineMs: 0 };
    const items = [
      { ...item, id: "a" },
      { ...item, id: "b", qty: 5 },
      { ...item, id: "a" },
    ];
    const { findings, rows } = observe([
      { script: "reserve", epoch: 7, server: "s1", incarnation: 0, items },
      reply({ left: 4, results: [result("OK", HELD), result("USERLIMIT"), result("DUP", HELD)] }),
    ]);
    expect(found(findings)).toEqual([]);
    expect(rows.held).toBe(1);
  });
});

describe("bad histories", () => {
  const A = reserve("a", "OK", 4);

  type Bad = [what: string, events: Event[], findings: string[]];

  test.each<Bad>([
    [
      "an id is deducted twice",
      [A, reserve("a", "OK", 3)],
      ["conservation at 1: reservation a was deducted twice"],
    ],
    [
      "more is sold than is free",
      [reserve("a", "OK", -1, { qty: 6, maxPerBuyer: 0 })],
      ["no-oversell at 0: a was sold 6 with 5 of 5 free"],
    ],
    [
      "a buyer gets more than he may",
      [A, reserve("b", "OK", 1, { qty: 3 })],
      ["buyer-limit at 1: buyer b1 holds 4 of at most 3"],
    ],
    [
      "a buyer gets less than he may",
      [A, reserve("b", "USERLIMIT", 4, { qty: 2 })],
      ["buyer-limit at 1: buyer b1 was refused 2 more while holding 1 of at most 3"],
    ],
    [
      "a limit where there is none",
      [reserve("a", "USERLIMIT", 5, { qty: 1, maxPerBuyer: 0 })],
      ["buyer-limit at 0: buyer b1 was refused 1 more while holding 0 of at most 0"],
    ],
    [
      "a limit for nobody",
      [reserve("a", "USERLIMIT", 5, { qty: 4, buyer: "" })],
      ["buyer-limit at 0: buyer  was refused 4 more while holding 0 of at most 3"],
    ],
    [
      "a request is served after it had expired",
      [reserve("a", "OK", 4, { requestDeadlineMs: COUNTER_MS - 1 })],
      ["unknown-resolved at 0: a was deducted 1 ms after its request had expired"],
    ],
    [
      "SOLDOUT with just enough left",
      [A, reserve("b", "SOLDOUT", 4, { qty: 4 })],
      ["no-undersell at 1: the counter refused b its 4 as sold out with 4 free"],
    ],
    [
      "a DUP of what never was",
      [reserve("a", "DUP", 5, {}, HELD)],
      ["conservation at 0: 1 for b1 are said to be reserved as a, but are not"],
    ],
    [
      "a DUP of what has ended",
      [A, byId("release", "a", "OK", 5), reserve("a", "DUP", 5, {}, PAID)],
      ["conservation at 2: 1 for b1 are said to be reserved as a, but are not"],
    ],
    [
      "a DUP of other arguments",
      [A, reserve("a", "DUP", 4, { qty: 2 }, HELD)],
      ["conservation at 1: 2 for b1 are said to be reserved as a, but are not"],
    ],
    [
      "a DUP of another buyer's",
      [A, reserve("a", "DUP", 4, { buyer: "b2" }, HELD)],
      ["conservation at 1: 1 for b2 are said to be reserved as a, but are not"],
    ],
    ...(["SOLDOUT", "USERLIMIT", "LATE", "NOTOPEN"] as const).map((code): Bad => [
      `${code} to whom has a ticket`,
      [reserve("a", "OK", 2, { qty: 3 }), reserve("a", code, 2, { qty: 3 })],
      [`conservation at 1: a was refused with ${code} although it is reserved`],
    ]),
    [
      "a refusal to whom has paid",
      [A, confirm("a", "OK", 4), reserve("a", "LATE", 4)],
      ["conservation at 2: a was refused with LATE although it is reserved"],
    ],
    [
      "a payment confirms what never was",
      [confirm("z", "OK", 5)],
      ["conservation at 0: z was confirmed (OK) while never reserved"],
    ],
    [
      "a payment confirms twice",
      [A, confirm("a", "OK", 4), confirm("a", "OK", 4)],
      ["conservation at 2: a was confirmed (OK) while confirmed"],
    ],
    [
      "a payment confirms what has ended, without reviving it",
      [A, sweep(["a"], 5), confirm("a", "OK", 5)],
      ["conservation at 2: a was confirmed (OK) while ended"],
    ],
    [
      "what lives is revived",
      [A, confirm("a", "REVIVED", 4)],
      ["conservation at 1: a was confirmed (REVIVED) while held"],
    ],
    [
      "what is revived has no stock",
      [
        A,
        sweep(["a"], 5),
        reserve("b", "OK", 0, { qty: 5, maxPerBuyer: 0 }),
        confirm("a", "REVIVED", -1),
      ],
      ["no-oversell at 3: a was revived with 0 free"],
    ],
    [
      "a release twice",
      [A, byId("release", "a", "OK", 5), byId("release", "a", "OK", 5)],
      ["conservation at 2: release gave back a, which was ended"],
    ],
    [
      "a release of what is paid",
      [A, confirm("a", "OK", 4), byId("release", "a", "OK", 4)],
      ["conservation at 2: release gave back a, which was confirmed"],
    ],
    [
      "a release of what never was",
      [byId("release", "z", "OK", 5)],
      ["conservation at 0: release gave back z, which was never reserved"],
    ],
    [
      "a refund of a hold",
      [A, byId("refund", "a", "OK", 4)],
      ["conservation at 1: refund gave back a, which was held"],
    ],
    [
      "an expiry of what is paid",
      [A, confirm("a", "OK", 4), sweep(["a"], 4)],
      ["conservation at 2: sweep gave back a, which was confirmed"],
    ],
    [
      "an expiry before deadline + grace",
      [A, sweep(["a"], 5, DEADLINE_MS + GRACE_MS - 1)],
      ["conservation at 1: a was swept 1 ms too early"],
    ],
    [
      "stock that comes from nowhere",
      [A, reserve("b", "OK", 4)],
      [
        "conservation at 1: after reserve the counter has 4 free, " +
          "but 5 tickets less 2 held and 0 confirmed leave 3",
      ],
    ],
    [
      "stock that is lost",
      [A, confirm("a", "OK", 3)],
      [
        "conservation at 1: after confirm the counter has 3 free, " +
          "but 5 tickets less 0 held and 1 confirmed leave 4",
      ],
    ],
  ])("%s", (_what, events, findings) => {
    expect(found(observe(...events).findings)).toEqual(findings);
  });

  test("each expiry that is early is one finding, and the hold still ends", () => {
    const { findings, rows } = observe(A, sweep(["a"], 5, DEADLINE_MS));
    expect(findings.count("conservation")).toBe(1);
    expect(rows.endedMs("a")).toBe(1);
  });
});

test("tells what it knows of each reservation", () => {
  const { rows } = observe(
    reserve("a", "OK", 4),
    reserve("b", "OK", 3),
    reserve("c", "OK", 2),
    confirm("b", "OK", 2),
    byId("release", "c", "OK", 3),
  );
  const seen: unknown[] = [];
  rows.forEach((id, state, qty) => seen.push([id, state, qty]));
  expect(seen).toEqual([
    ["a", "held", 1],
    ["b", "confirmed", 1],
    ["c", "ended", 1],
  ]);
  const ids = ["a", "b", "c", "z"];
  expect(ids.map((id) => rows.has(id))).toEqual([true, true, true, false]);
  expect(ids.map((id) => rows.endedMs(id))).toEqual([null, null, 4, null]);
  expect(ids.map((id) => rows.isConfirmed(id))).toEqual([false, true, false, false]);
});

describe("an audit", () => {
  const sums = {
    total: 5,
    sold: 3,
    heldUnits: 2,
    confirmedUnits: 1,
    heldRows: 1,
    deadlines: 1,
    buyerUnits: 3,
    namedUnits: 3,
  };

  function audit(wrong: Partial<typeof sums>): string[] {
    const { findings, rows } = observe(
      reserve("a", "OK", 3, { qty: 2 }),
      reserve("b", "OK", 2),
      confirm("b", "OK", 2),
    );
    rows.audit({ ...sums, ...wrong }, 9);
    return found(findings);
  }

  test("reads what was answered", () => {
    expect(audit({})).toEqual([]);
  });

  test.each<[Partial<typeof sums>, string]>([
    [{ total: 6 }, "total 6 instead of 5"],
    [{ sold: 2 }, "sold 2 instead of 3"],
    [{ heldUnits: 3 }, "held by rows 3 instead of 2"],
    [{ confirmedUnits: 0 }, "confirmed by rows 0 instead of 1"],
    [{ deadlines: 2 }, "deadlines 2 instead of 1"],
    [{ buyerUnits: 4 }, "buyer counts 4 instead of 3"],
    [{ sold: 4, heldUnits: 3 }, "sold 4 instead of 3, held by rows 3 instead of 2"],
  ])("that reads %j is a finding", (wrong, detail) => {
    expect(audit(wrong)).toEqual([`conservation at 9: an audit reads ${detail}`]);
  });
});
