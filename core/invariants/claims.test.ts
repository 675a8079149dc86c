import { describe, expect, test } from "vitest";
import { found } from "../testing/found.ts";
import { ClaimModel } from "./claims.ts";
import { Findings } from "./findings.ts";

/**
 * Tells a history, one word for each event: `ack:a:2` (a buyer hears that he holds 2), `own:a:2`
 * (that they are his for good), `paid:a`, `gone:a`. Event i is at i ms; there are 3 tickets.
 */
function tell(history: string) {
  const findings = new Findings();
  const claims = new ClaimModel(findings, () => 3);
  history.split(" ").forEach((event, atMs) => {
    const [what, id, qty = "1"] = event.split(":") as [string, string, string?];
    if (what === "paid") claims.paid(id, atMs);
    else if (what === "gone") claims.released(id);
    else claims.acknowledged(id, Number(qty), what === "own", atMs);
  });
  return { findings, claims };
}

describe("good histories", () => {
  test.each<[string, string, { acked: number; confirmed: number }]>([
    ["everything is sold", "ack:a:2 own:b", { acked: 3, confirmed: 1 }],
    ["a ticket is resold", "ack:a:3 gone:a ack:b:3 paid:b", { acked: 6, confirmed: 3 }],
    ["an ACK is told again", "ack:a:2 ack:a:2 ack:b own:b", { acked: 3, confirmed: 0 }],
    ["a payment is told again", "ack:a:2 paid:a paid:a ack:b paid:b", { acked: 3, confirmed: 3 }],
    ["money is returned", "own:a:3 gone:a own:b:3", { acked: 6, confirmed: 3 }],
    ["and told again", "own:a:3 gone:a paid:a own:b:3", { acked: 6, confirmed: 3 }],
    ["a hold is released twice", "ack:a:3 gone:a gone:a ack:b:3", { acked: 6, confirmed: 0 }],
    ["nobody heard of it", "paid:x gone:x ack:a:3", { acked: 3, confirmed: 0 }],
    ["a late payment revives it", "ack:a:2 gone:a paid:a ack:b", { acked: 3, confirmed: 2 }],
    ["an ACK is the first to say so", "ack:a:2 gone:a own:a:2 ack:b", { acked: 3, confirmed: 2 }],
  ])("%s", (_what, history, sums) => {
    const { findings, claims } = tell(history);
    expect(found(findings)).toEqual([]);
    expect({ acked: claims.acked, confirmed: claims.confirmed }).toEqual(sums);
    expect(claims.oversold).toBe(0);
  });
});

describe("bad histories", () => {
  test.each<[string, string, number, string]>([
    [
      "one is acknowledged too many",
      "ack:a:2 ack:b:2",
      1,
      "1: b made it 4 acknowledged and 0 confirmed of 3",
    ],
    [
      "one is sold for good too many",
      "own:a:3 own:b:2",
      2,
      "1: b made it 5 acknowledged and 5 confirmed of 3",
    ],
    [
      "one is revived without a ticket left",
      "ack:a:2 gone:a ack:b:3 paid:a",
      2,
      "3: a made it 5 acknowledged and 2 confirmed of 3",
    ],
    [
      "what was released twice is free once",
      "ack:a:2 gone:a gone:a ack:b:3 ack:c",
      1,
      "4: c made it 4 acknowledged and 0 confirmed of 3",
    ],
    [
      "what was paid and taken back twice is free once",
      "own:a:2 gone:a gone:a own:b:3 own:c",
      1,
      "4: c made it 4 acknowledged and 4 confirmed of 3",
    ],
    [
      "a hold is paid when there are too many",
      "ack:a:2 ack:b:2 gone:a gone:b ack:c:3 paid:b",
      2,
      "1: b made it 4 acknowledged and 0 confirmed of 3",
    ],
    [
      "a hold is told after it was taken back",
      "ack:a gone:a ack:a",
      0,
      "2: a was acknowledged after it had been released",
    ],
    [
      "a ticket is told after its money went back",
      "own:a gone:a own:a",
      0,
      "2: a was acknowledged after it had been released",
    ],
  ])("%s", (_what, history, oversold, detail) => {
    const { findings, claims } = tell(history);
    expect(found(findings)).toEqual([`no-oversell at ${detail}`]);
    expect(claims.oversold).toBe(oversold);
  });

  test("the worst instant counts, and each event over the total is a finding", () => {
    const { findings, claims } = tell("ack:a:3 ack:b:2 gone:a ack:c:2");
    expect(findings.count("no-oversell")).toBe(2);
    expect(claims.oversold).toBe(2);
  });
});

test("the total is what it is at the time: a sale may be resized", () => {
  const findings = new Findings();
  let total = 1;
  const claims = new ClaimModel(findings, () => total);
  claims.acknowledged("a", 1, false, 1);
  total = 2;
  claims.acknowledged("b", 1, false, 2);
  expect(found(findings)).toEqual([]);
});

test("tells which claims are confirmed", () => {
  const { claims } = tell("ack:a own:b ack:c paid:c gone:c");
  expect(["a", "b", "c", "x"].map((id) => claims.isConfirmed(id))).toEqual([
    false,
    true,
    false,
    false,
  ]);
});
