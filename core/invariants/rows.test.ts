import { describe, expect, test } from "vitest";
import {
  byId,
  confirm,
  observe,
  PAID,
  reserve,
  resize,
  sweep,
  TICKETS,
} from "../testing/exchanges.ts";
import type { Exchange } from "../testing/exchanges.ts";
import { found } from "../testing/found.ts";
import { COUNTER_MS, HELD, reply, result } from "../testing/replies.ts";

describe("good histories", () => {
  interface Sums {
    readonly total?: number;
    readonly free: number;
    readonly held?: number;
    readonly confirmed?: number;
    readonly heldRows?: number;
  }

  const A = reserve("a", "OK", 3, { qty: 2 });

  test.each<[string, Exchange[], Sums]>([
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
      "a limit of one",
      [reserve("a", "OK", 4, { maxPerBuyer: 1 }), reserve("b", "USERLIMIT", 4, { maxPerBuyer: 1 })],
      { free: 4, held: 1, heldRows: 1 },
    ],
    [
      "a sale without a hold is known by its id",
      [reserve("a", "OK", 4, {}, PAID), reserve("a", "DUP", 4, {}, PAID)],
      { free: 4, confirmed: 1 },
    ],
    [
      "a sale without a hold can be refunded",
      [reserve("a", "OK", 4, {}, PAID), byId("refund", "a", "OK", 5)],
      { free: 5 },
    ],
    [
      "the last two are revived",
      [A, sweep(["a"], 5), resize(2, "OK", 2), confirm("a", "REVIVED", 0)],
      { total: 2, free: 0, confirmed: 2 },
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

test("tells what it knows of each reservation", () => {
  const { rows } = observe(
    reserve("a", "OK", 3, { qty: 2 }),
    reserve("b", "OK", 2),
    reserve("c", "OK", 1, { buyer: "b2" }),
    confirm("b", "OK", 1),
    byId("release", "c", "OK", 2),
  );
  const seen: unknown[] = [];
  rows.forEach((id, state, qty) => seen.push([id, state, qty]));
  expect(seen).toEqual([
    ["a", "held", 2],
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
    [{ heldRows: 2 }, "held rows 2 instead of 1"],
    [{ deadlines: 2 }, "deadlines 2 instead of 1"],
    [{ buyerUnits: 4 }, "buyer counts 4 instead of 3"],
    [{ sold: 4, heldUnits: 3 }, "sold 4 instead of 3, held by rows 3 instead of 2"],
  ])("that reads %j is a finding", (wrong, detail) => {
    expect(audit(wrong)).toEqual([`conservation at 9: an audit reads ${detail}`]);
  });
});
