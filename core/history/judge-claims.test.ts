/** What the model of claims is told of a history, and in which order. */
import { describe, expect, test } from "vitest";
import { ClaimModel } from "../invariants/claims.ts";
import { Findings } from "../invariants/findings.ts";
import { callsById } from "./judge-answers.ts";
import { judgeClaims } from "./judge-claims.ts";
import type { RunRecord } from "./records.ts";
import { Reservations } from "./reservations.ts";
import { change, including, isCall, isEvent } from "./testing/change.ts";
import type { Records } from "./testing/change.ts";
import { GOOD_SALE } from "./testing/good-sale.ts";
import { call, issued, tale } from "./testing/tale.ts";

class ToldClaims extends ClaimModel {
  readonly told: string[] = [];

  override acknowledged(id: string, qty: number, paid: boolean, atMs: number): void {
    this.told.push(`${id} has ${qty}${paid ? ", paid" : ""} at ${atMs}`);
  }
  override paid(id: string, atMs: number): void {
    this.told.push(`${id} is paid at ${atMs}`);
  }
  override released(id: string): void {
    this.told.push(`${id} ends`);
  }
}

function toldOf(records: Records, run: Partial<RunRecord> = {}): string[] {
  const history = tale(records, run);
  const claims = new ToldClaims(new Findings(), () => history.run.tickets);
  judgeClaims(history, new Reservations(history.issued), callsById(history.calls), claims);
  return claims.told;
}

/** What is told of one reservation of the good sale, changed. */
const toldOfOne = (id: string, records: Records): string[] =>
  toldOf(records).filter((line) => line.startsWith(`${id} `));

describe("with a stream", () => {
  test("from the first answer to the first moment in which it may have ended", () => {
    expect(toldOf(GOOD_SALE)).toEqual([
      "a has 1 at 14",
      "b has 1 at 15",
      "e has 1 at 20",
      "a is paid at 35",
      "e ends",
      "f has 1 at 54",
      "f is paid at 65",
      "b ends",
      "c.1 has 1 at 204",
      "c.1 ends",
      "c.1 has 1, paid at 284",
    ]);
  });

  test("an ACK counts when it is heard, though its ticket is dated a little later", () => {
    const late = change(isEvent("H", "a"), { atMs: 14.5 });
    expect(toldOfOne("a", late(GOOD_SALE))[0]).toBe("a has 1 at 14");
  });

  test("an ACK in the first moment in which the ticket may have gone does not", () => {
    const heard = (endMs: number) =>
      toldOfOne("b", change(isCall("buy", "b"), { endMs, leftMs: endMs })(GOOD_SALE));
    expect(heard(133.5)).toEqual(["b has 1 at 133.5", "b ends"]);
    expect(heard(134)).toEqual([]);
  });

  test("an ACK from before the expiry, heard after the revival, says nothing of it", () => {
    const heard = change(isCall("query", "c.1"), { endMs: 282.5, leftMs: 282.5 });
    expect(toldOfOne("c.1", heard(GOOD_SALE))).toEqual(["c.1 has 1, paid at 284"]);
  });

  test("an answer that is no ACK claims nothing", () => {
    const asked = change(isCall("buy", "b"), { endMs: 19, leftMs: 19 });
    const putOff = including(call("buy", "b", [10, 16], "TRYAGAIN", { caller: "echo" }));
    expect(toldOfOne("b", putOff(asked(GOOD_SALE)))[0]).toBe("b has 1 at 19");
  });

  test("an ACK that says so claims a paid ticket; one of an order alone, none", () => {
    const paid = call("query", "f", [60, 64], "ACK", { paid: true });
    expect(toldOfOne("f", including(paid)(GOOD_SALE))).toEqual([
      "f has 1 at 54",
      "f is paid at 64",
    ]);
    const order = change(isCall("buy", "f"), { claim: "order" });
    expect(toldOfOne("f", order(GOOD_SALE))).toEqual(["f has 1, paid at 65"]);
  });

  test("at one moment what ends comes first", () => {
    expect(
      toldOf([
        call("buy", "h", [1, 5], "TRYAGAIN"),
        call("buy", "a", [10, 14], "ACK"),
        issued("H", "a", 12),
        call("buy", "b", [10, 15], "ACK"),
        issued("H", "b", 13),
        issued("H", "h", 132),
        issued("X", "b", 135),
        call("buy", "h", [130, 134], "ACK"),
        call("pay", "a", [130, 134], "PAID"),
      ]),
    ).toEqual(["a has 1 at 14", "b has 1 at 15", "b ends", "h has 1 at 134", "a is paid at 134"]);
  });
});

describe("without a stream", () => {
  const told = (...records: Records) => toldOf(records, { source: "stock", skewMs: 0 });
  const bought = call("buy", "a", [10, 14], "ACK", { qty: 2 });

  test.each<readonly [string, Records, readonly string[]]>([
    [
      "as many as were asked for, not as a question says",
      [call("query", "a", [11, 13], "ACK"), bought],
      ["a has 2 at 13"],
    ],
    [
      "one, if nobody was heard to ask",
      [call("pay", "a", [20, 24], "PAID")],
      ["a has 1, paid at 24"],
    ],
    [
      "until it may be given back",
      [bought, call("cancel", "a", [30, 34], "CANCELLED")],
      ["a has 2 at 14", "a ends"],
    ],
    [
      "also if nobody heard whether it was",
      [bought, call("cancel", "a", [30, 34], "NONE")],
      ["a has 2 at 14", "a ends"],
    ],
    [
      "also if he was put off: the transaction may have been done",
      [bought, call("cancel", "a", [30, 34], "TRYAGAIN")],
      ["a has 2 at 14", "a ends"],
    ],
    [
      "not if he was told that he cannot",
      [bought, call("cancel", "a", [30, 34], "CONFIRMED")],
      ["a has 2 at 14"],
    ],
    [
      "not if it was never sent",
      [bought, call("cancel", "a", [30, 34], "UNSENT")],
      ["a has 2 at 14"],
    ],
    [
      "not by a request whose answer is lost",
      [bought, call("buy", "a", [12, 34], "NONE", { qty: 2 })],
      ["a has 2 at 14"],
    ],
  ])("%s", (_what, records, lines) => {
    expect(told(...records)).toEqual(lines);
  });
});
