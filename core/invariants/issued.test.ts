import { describe, expect, test } from "vitest";
import type { LatePayment, OutboxEvent } from "../counter/calls.ts";
import { found } from "../testing/found.ts";
import { Findings } from "./findings.ts";
import { IssuedModel } from "./issued.ts";
import { RowModel } from "./rows.ts";

const DUE_UNIX_MS = 1000;

/**
 * A stream in short: `H:a` or `H:a:2` (a holds 2), `C:a:p` (payment p confirms it), `X:a`, `L:a`,
 * `R:a`, `refund:a:p`. Event i is dated 100 i; every hold is due at 1000, with a grace of 200.
 * There are 3 tickets, at most 2 for each buyer, and `a1` and `a2` are both of buyer `a`, `-1` and
 * `-2` of nobody. Nobody was told a deadline if `dueUnixMs` is 0.
 */
function stream(
  history: string,
  latePayment: LatePayment = "revive",
  dueUnixMs: number = DUE_UNIX_MS,
) {
  const findings = new Findings();
  const rows = new RowModel(findings, 3);
  const rules = { maxPerBuyer: 2, graceMs: 200, latePayment, delayMsMax: 100 };
  const issued = new IssuedModel(findings, rows, rules);
  const qtys = new Map<string, number>();
  history.split(" ").forEach((word, i) => {
    const [kind, id, rest = ""] = word.split(":") as [OutboxEvent["kind"], string, string?];
    if (kind === "H") qtys.set(id, rest === "" ? 1 : Number(rest));
    const paymentId = kind === "H" ? "" : rest;
    const qty = qtys.get(id) ?? 0;
    const event = { position: `${i}`, kind, id, qty, buyer: id[0] === "-" ? "" : id[0], paymentId };
    issued.observe(event, 100 * i, dueUnixMs, i);
  });
  return { findings, rows };
}

/** Empty events of somebody else's payments, to let time pass. */
const wait = (events: number): string =>
  Array.from({ length: events }, (_, i) => `refund:z:z${i}`).join(" ");

describe("good streams", () => {
  test.each<[string, string, { held: number; confirmed: number }]>([
    ["everything is sold", "H:a:2 H:b C:a:p C:b:q", { held: 0, confirmed: 3 }],
    ["a hold is given back and sold again", "H:a:2 L:a H:b:2 H:c", { held: 3, confirmed: 0 }],
    ["a hold expires after its grace", `H:a:2 ${wait(11)} X:a H:b:2`, { held: 2, confirmed: 0 }],
    ["an expired one is revived", `H:a ${wait(11)} X:a C:a:p`, { held: 0, confirmed: 1 }],
    ["a payment too late for it goes back", `H:a L:a refund:a:p`, { held: 0, confirmed: 0 }],
    ["what was paid is taken back", "H:a C:a:p R:a refund:a:p", { held: 0, confirmed: 0 }],
    ["a second payment goes back", "H:a C:a:p refund:a:q", { held: 0, confirmed: 1 }],
    [
      "what is nobody's has no limit",
      `H:-1 ${wait(11)} X:-1 H:-2:2 C:-1:p`,
      { held: 2, confirmed: 1 },
    ],
    ["a buyer is at his limit", "H:a1 H:a2 L:a1 H:a3", { held: 2, confirmed: 0 }],
  ])("%s", (_what, history, { held, confirmed }) => {
    const { findings, rows } = stream(history);
    expect(found(findings)).toEqual([]);
    expect({ held: rows.held, confirmed: rows.confirmed }).toEqual({ held, confirmed });
  });

  test("under strict, an entry may be dated later than its script", () => {
    const late = (events: number) => found(stream(`H:a ${wait(events)} C:a:p`, "strict").findings);
    expect(late(10)).toEqual([]);
    expect(late(11)).toEqual([
      "conservation at 12: a was confirmed 200 ms past its deadline under strict",
    ]);
  });

  test("without a deadline that somebody was told, nothing is early or late", () => {
    expect(found(stream("H:a X:a", "lazy", 0).findings)).toEqual([]);
    expect(found(stream(`H:a ${wait(12)} C:a:p`, "strict", 0).findings)).toEqual([]);
  });

  test("under lazy, what is not swept may be paid late", () => {
    expect(found(stream(`H:a ${wait(12)} C:a:p`, "lazy").findings)).toEqual([]);
  });
});

describe("bad streams", () => {
  test.each<[string, string, string]>([
    [
      "one too many",
      "H:a:2 H:b:2",
      "no-oversell at 1: b got 2 of the tickets when 1 of 3 were free",
    ],
    ["the same twice", "H:a H:a", "conservation at 1: reservation a was deducted twice"],
    ["over the limit", "H:a1:2 H:a2", "buyer-limit at 1: buyer a holds 3 of at most 2"],
    ["swept too early", "H:a X:a", "conservation at 1: a was swept 1100 ms too early"],
    ["paid twice", "H:a C:a:p C:a:q", "conservation at 2: a was confirmed (OK) while confirmed"],
    [
      "paid out of nothing",
      "C:a:p",
      "conservation at 0: a was confirmed (OK) while never reserved",
    ],
    [
      "revived after a release",
      "H:a L:a C:a:p",
      "conservation at 2: a was confirmed (OK) while ended",
    ],
    ["given back twice", "H:a L:a L:a", "conservation at 2: release gave back a, which was ended"],
    [
      "given back though paid",
      "H:a C:a:p L:a",
      "conservation at 2: release gave back a, which was confirmed",
    ],
    ["taken back unpaid", "H:a R:a", "conservation at 1: refund gave back a, which was held"],
    [
      "one payment for two",
      "H:a H:b C:a:p C:b:p",
      "one-refund at 3: payment p confirmed b, and before that it confirmed a",
    ],
    [
      "a payment that went back",
      "H:a refund:a:p C:a:p",
      "one-refund at 2: payment p confirmed a, and before that it was given back",
    ],
    [
      "money back twice",
      "H:a refund:a:p refund:a:p",
      "one-refund at 2: payment p is given back twice",
    ],
    [
      "money back and the ticket kept",
      "H:a C:a:p refund:a:p",
      "one-refund at 2: payment p is given back, yet confirmed a",
    ],
  ])("%s", (_what, history, finding) => {
    expect(found(stream(history).findings)).toContain(finding);
  });

  test("an expired one is revived under another policy", () => {
    expect(found(stream(`H:a ${wait(11)} X:a C:a:p`, "lazy").findings)).toEqual([
      "conservation at 13: a was confirmed (OK) while ended",
    ]);
  });

  test("one is revived without a ticket left, or over the limit", () => {
    const { findings, rows } = stream(`H:a1:2 ${wait(11)} X:a1 H:b:2 C:a1:p`);
    expect(found(findings)).toEqual(["no-oversell at 14: a1 was revived with 1 free"]);
    expect(rows.oversold).toBe(1);
    expect(found(stream(`H:a1 ${wait(11)} X:a1 H:a2:2 C:a1:p`).findings)).toEqual([
      "buyer-limit at 14: buyer a holds 3 of at most 2",
    ]);
  });
});
