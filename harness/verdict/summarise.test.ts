import { describe, expect, test } from "vitest";
import { GOOD_SALE } from "../../core/history/testing/good-sale.ts";
import { call, charge, tale } from "../../core/history/testing/tale.ts";
import type { HistoryRecord } from "../../core/history/records.ts";
import { latencySummaries } from "./latencies.ts";
import { summariseRun } from "./summarise.ts";
import type { RealRun } from "./summarise.ts";

const BUYERS: RealRun["buyers"] = {
  arrived: 6,
  outcomes: { acked: 5, refused: 2, tryAgain: 0, unknown: 0 },
  probeSold: 0,
  probesFailed: [],
  garbled: 0,
  latenessMsMax: 1.23456,
};

function summary(records: readonly HistoryRecord[], run: Partial<RealRun> = {}) {
  return summariseRun({
    history: tale(records),
    buyers: BUYERS,
    faults: [],
    counter: { scriptCalls: 40, reserveItems: 12 },
    pending: [],
    unplannedDeaths: [],
    partial: false,
    ...run,
  });
}

describe("a good sale", () => {
  const result = summary(GOOD_SALE);

  test("has passed, with these figures", () => {
    const { invariants: _, latencies: __, stock: ___, ...figures } = result;
    expect(figures).toEqual({
      schemaVersion: 1,
      seed: "12306",
      strategy: "pre-deduct",
      scenario: "tale",
      verdict: "passed",
      tickets: 3,
      buyers: 6,
      acked: 5,
      held: 0,
      confirmed: 3,
      free: 0,
      refused: 2,
      tryAgain: 0,
      unknown: 0,
      unresolved: 0,
      oversold: 0,
      undersold: 0,
      falseSoldOut: 0,
      hoarded: 0,
      chargedInVain: 0,
      refunds: 1,
      probeSold: 0,
      counterCallsPerTicket: 2.4,
      counterScriptsPerTicket: 8,
      statementsPerTicket: 1.8,
      seconds: 0.311,
      latenessMsMax: 1.235,
      partial: false,
      pending: [],
      faults: [],
      unplannedDeaths: [],
    });
  });

  test("says of each invariant that it holds, and of determinism that it is none here", () => {
    expect(result.invariants.every(({ ok }) => ok)).toBe(true);
    expect(result.invariants.find(({ name }) => name === "determinism")?.detail).toBe(
      "does not apply: real time does not repeat itself",
    );
  });

  test("has its stock over time", () => {
    const { atMs, held, confirmed } = result.stock;
    expect([atMs[0], held[0], confirmed[0]]).toEqual([0, 0, 0]);
    expect([held.at(-1), confirmed.at(-1)]).toEqual([0, 3]);
  });
});

test("a broken invariant is a violation, with the time of it", () => {
  const result = summary(GOOD_SALE.filter((record) => record.type !== "refund"));
  expect(result.verdict).toBe("violated");
  expect(result.invariants.find(({ ok }) => !ok)).toEqual({
    name: "one-refund",
    ok: false,
    detail: "payment pay-again-f confirmed nothing and has 0 refunds (and 1 more like it)",
    atMs: 311,
  });
});

test.each<[string, readonly HistoryRecord[], Partial<RealRun>, string]>([
  [
    "what the run says",
    [],
    { pending: ["2 tickets are held and not yet due"] },
    "2 tickets are held and not yet due",
  ],
  [
    "a probe that failed",
    [],
    { buyers: { ...BUYERS, probesFailed: ["s1 answered a probe with NONE"] } },
    "s1 answered a probe with NONE",
  ],
  ["a payment without an answer", [charge("a.9", 295, 400)], {}, "1 payments have no answer"],
  [
    "an answer that is none",
    [],
    { buyers: { ...BUYERS, garbled: 3 } },
    "3 answers were not ones that a ticket server gives",
  ],
  ["an interruption", [], { partial: true }, "the run was interrupted"],
])("no progress: %s", (_what, more, run, sentence) => {
  expect(summary([...more, ...GOOD_SALE], run)).toMatchObject({
    verdict: "no-progress",
    pending: [sentence],
  });
});

test("a process that somebody outside has killed is told, and breaks nothing", () => {
  const unplannedDeaths = [{ process: "server-0", signal: "SIGKILL", atMs: 12 }] as const;
  expect(summary(GOOD_SALE, { unplannedDeaths })).toMatchObject({
    verdict: "passed",
    unplannedDeaths,
  });
});

test("figures that nobody knows are null", () => {
  expect(
    summary(
      GOOD_SALE.filter(({ type }) => type !== "book"),
      { counter: null },
    ),
  ).toMatchObject({
    counterCallsPerTicket: null,
    counterScriptsPerTicket: null,
    statementsPerTicket: null,
  });
});

test("waiting counts from when the caller meant to ask, and until he gave up", () => {
  const calls = [
    call("buy", "a", [10, 14], "ACK", { lateMs: 3 }),
    call("buy", "b", [10, 12], "ACK"),
    call("buy", "c", [20, 70], "NONE"),
    call("buy", "d", [20, 20.5], "UNSENT"),
    call("cancel", "a", [80, 81], "CANCELLED"),
    call("pay", "a", [10, 900], "PAID"),
    call("query", "c", [100, 900], "ACK", { caller: "resolver" }),
    call("buy", "p", [100, 900], "SOLDOUT", { caller: "probe" }),
  ];
  expect(latencySummaries(calls)).toEqual([
    { answer: "ACK", count: 2, meanMs: 4.5, p50Ms: 2, p99Ms: 7, maxMs: 7 },
    { answer: "ERROR", count: 2, meanMs: 25.25, p50Ms: 0.5, p99Ms: 50, maxMs: 50 },
    { answer: "CANCELLED", count: 1, meanMs: 1, p50Ms: 1, p99Ms: 1, maxMs: 1 },
  ]);
});
