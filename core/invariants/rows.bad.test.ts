import { describe, expect, test } from "vitest";
import {
  byId,
  confirm,
  DEADLINE_MS,
  GRACE_MS,
  observe,
  PAID,
  reserve,
  resize,
  sweep,
} from "../testing/exchanges.ts";
import type { Exchange } from "../testing/exchanges.ts";
import { found } from "../testing/found.ts";
import { COUNTER_MS, HELD } from "../testing/replies.ts";

describe("bad histories", () => {
  const A = reserve("a", "OK", 4);

  type Bad = [what: string, events: Exchange[], findings: string[]];

  test.each<Bad>([
    [
      "an id is deducted twice",
      [A, reserve("a", "OK", 3)],
      ["conservation at 1: reservation a was deducted twice"],
    ],
    [
      "more is sold than is free",
      [reserve("a", "OK", -1, { qty: 6, maxPerBuyer: 0 })],
      ["no-oversell at 0: a got 6 of the tickets when 5 of 5 were free"],
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
      "a payment revives what never was",
      [confirm("z", "REVIVED", 5)],
      ["conservation at 0: z was confirmed (REVIVED) while never reserved"],
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
      "what is revived has less stock than it had",
      [
        reserve("a", "OK", 3, { qty: 2 }),
        sweep(["a"], 5),
        resize(1, "OK", 1),
        confirm("a", "REVIVED", -1),
      ],
      ["no-oversell at 3: a was revived with 1 free"],
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
      "an expiry of what never was",
      [sweep(["z"], 5, DEADLINE_MS)],
      ["conservation at 0: sweep gave back z, which was never reserved"],
    ],
    [
      "an early expiry of what has ended",
      [A, byId("release", "a", "OK", 5), sweep(["a"], 5, DEADLINE_MS)],
      ["conservation at 2: sweep gave back a, which was ended"],
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

  test("of too many sold the worst instant counts", () => {
    const B = reserve("b", "OK", 0, { qty: 5, maxPerBuyer: 0 });
    const oversold = (...events: Exchange[]): number => observe(...events).rows.oversold;
    expect(oversold(B, resize(3, "OK", -2), byId("release", "b", "OK", 3))).toBe(2);
    const revived = confirm("a", "REVIVED", -1);
    expect(oversold(A, sweep(["a"], 5), B, revived, byId("release", "b", "OK", 4))).toBe(1);
  });

  test("each expiry that is early is one finding, and the hold still ends", () => {
    const { findings, rows } = observe(A, sweep(["a"], 5, DEADLINE_MS));
    expect(findings.count("conservation")).toBe(1);
    expect(rows.endedMs("a")).toBe(1);
  });
});
