import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { found } from "../testing/found.ts";
import { DemandModel } from "./demand.ts";
import { Findings } from "./findings.ts";

const BOUND_MS = 10;
const TICKETS = 4;

/** `free`: the stock is so from now on. `leave`: a buyer of one ticket goes away without one. */
type Event = { readonly atMs: number } & ({ readonly free: number } | { readonly leave: true });

function tell(history: readonly Event[]): DemandModel {
  const demand = new DemandModel(new Findings(), TICKETS, BOUND_MS);
  for (const event of history) {
    if ("free" in event) demand.stock(event.free, event.atMs);
    else demand.refusedForGood(event.atMs);
  }
  return demand;
}

/**
 * The definition, word for word: the largest u <= free at the end such that at least u buyers were
 * refused later than the bound after free last rose to >= u and stayed there.
 */
function undersoldByDefinition(history: readonly Event[]): number {
  const stock = [
    { atMs: 0, free: TICKETS },
    ...history.flatMap((event) => ("free" in event ? [event] : [])),
  ];
  for (let u = stock.at(-1)!.free; u >= 1; u -= 1) {
    const lastBelow = stock.findLastIndex(({ free }) => free < u);
    const roseMs = stock[lastBelow + 1].atMs;
    const refused = history.filter((event) => "leave" in event && event.atMs > roseMs + BOUND_MS);
    if (refused.length >= u) return u;
  }
  return 0;
}

/** `free@ms` and `leave@ms`, in order. */
function history(text: string): Event[] {
  return text.split(" ").map((word) => {
    const [what, ms] = word.split("@") as [string, string];
    const atMs = Number(ms);
    return what === "leave" ? { atMs, leave: true } : { atMs, free: Number(what) };
  });
}

describe("undersold", () => {
  test.each([
    ["everything was sold", "0@5 leave@90", 0],
    ["one stayed free, one left in vain", "1@5 leave@90", 1],
    ["one stayed free, nobody wanted it", "1@5", 0],
    ["two stayed free, one left in vain: the other had no taker", "2@5 leave@90", 1],
    ["one stayed free, five left in vain", "1@5 leave@90 leave@91 leave@92 leave@93 leave@94", 1],
    ["it came back, and within the bound it need not be sold", "0@5 1@50 leave@60", 0],
    ["after the bound it must", "0@5 1@50 leave@61", 1],
    ["it went and came again: an earlier buyer does not count", "0@5 1@20 leave@40 0@41 1@50", 0],
    ["a second ticket came too late for one of two", "0@5 1@20 leave@40 2@50 leave@60", 1],
    ["a second ticket came early enough for both", "0@5 1@20 2@25 leave@40 leave@61", 2],
    ["the second went again: both count for the first", "0@5 2@20 leave@40 leave@41 1@42", 1],
    ["a level that rose just one bound ago", "0@5 1@20 2@50 leave@60 leave@61", 1],
    ["each counts for the highest level it is late for", "0@5 1@20 2@25 4@50 leave@55 leave@56", 2],
    ["stock was never touched: from the start it was free", "leave@10 leave@11 leave@12", 2],
    ["more than there were at first: a sale was resized", "6@5 leave@20 leave@21 leave@22", 3],
    ["a counter that oversold has nothing free", "-1@5 leave@90", 0],
  ])("%s", (_what, text, undersold) => {
    expect(tell(history(text)).undersold()).toBe(undersold);
  });

  test("is what its definition says, on any history, at any moment", () => {
    const gap = fc.nat(12);
    const event = fc.oneof(
      fc.record({ gap, free: fc.integer({ min: 0, max: 7 }) }),
      fc.record({ gap, leave: fc.constant(true as const) }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (gaps) => {
        let atMs = 0;
        const events = gaps.map(({ gap, ...what }) => {
          atMs += gap;
          return { atMs, ...what };
        });
        for (let length = 0; length <= events.length; length += 1) {
          const soFar = events.slice(0, length);
          expect(tell(soFar).undersold()).toBe(undersoldByDefinition(soFar));
        }
      }),
      { numRuns: 150, seed: 12306 },
    );
  });
});

describe("SOLDOUT", () => {
  /** Said at these times for so many tickets, when 2 have been free since 20 ms. */
  function said(...words: readonly (readonly [qty: number, atMs: number])[]) {
    const findings = new Findings();
    const demand = new DemandModel(findings, TICKETS, BOUND_MS);
    demand.stock(0, 5);
    demand.stock(2, 20);
    for (const [qty, atMs] of words) demand.soldOut(qty, atMs);
    return { falseSoldOut: demand.falseSoldOut, found: found(findings) };
  }

  test.each<[string, [number, number], number]>([
    ["is true for more than is free", [3, 90], 0],
    ["may be false within the bound: the word was on its way", [2, 30], 1],
  ])("%s", (_what, word, falseSoldOut) => {
    expect(said(word)).toEqual({ falseSoldOut, found: [] });
  });

  test("said later than the bound is a latch that stayed closed", () => {
    expect(said([1, 30.5])).toEqual({
      falseSoldOut: 1,
      found: ["latch at 30.5: SOLDOUT was said with 2 free, 1 of them for 10.5 ms (bound 10 ms)"],
    });
  });

  test("each is counted, by the level it speaks of", () => {
    const findings = new Findings();
    const demand = new DemandModel(findings, TICKETS, BOUND_MS);
    demand.stock(1, 5);
    demand.stock(2, 50);
    demand.soldOut(2, 60);
    demand.soldOut(1, 60);
    expect(demand.falseSoldOut).toBe(2);
    expect(findings.count("latch")).toBe(1);
  });
});
