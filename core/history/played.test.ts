/** No false alarms: whatever chance does to a correct counter's answers, the judge finds nothing. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { found } from "../testing/found.ts";
import { judgeHistory } from "./judge-history.ts";
import type { RunRecord } from "./records.ts";
import { play } from "./testing/played.ts";
import type { Act } from "./testing/played.ts";
import { RUN, tale } from "./testing/tale.ts";

const SEED = Number(process.env["ONCEONLY_SEED"] ?? 12306);

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({
    what: fc.constantFrom(
      "buy",
      "buy",
      "pay",
      "pay",
      "cancel",
      "query",
      "sweep",
      "click",
      "settle",
    ),
    afterMs: fc.nat(60),
    who: fc.nat(3),
    qty: fc.integer({ min: 1, max: 2 }),
    beforeMs: fc.nat(200),
    behindMs: fc.nat(200),
    isLost: fc.boolean(),
  }),
  { minLength: 20, maxLength: 80, size: "max" },
);

const runs: fc.Arbitrary<RunRecord> = fc
  .record({
    tickets: fc.integer({ min: 1, max: 5 }),
    maxPerBuyer: fc.nat(3),
    latePayment: fc.constantFrom("lazy", "strict", "revive"),
  })
  .map((sale) => ({ ...RUN, ...sale }));

test("a correct counter is never accused", () => {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(acts, runs, (played, run) => {
      const records = play(played, { run, pollMs: 40 });
      for (const record of records) if (record.type === "call") outcomes.add(record.outcome);
      expect(found(judgeHistory(tale(records, run)).findings)).toEqual([]);
    }),
    { seed: SEED, numRuns: 300 },
  );
  expect([...outcomes].toSorted()).toEqual(
    "ACK CANCELLED CONFIRMED NONE PAID REFUND SOLDOUT TRYAGAIN USERLIMIT".split(" "),
  );
}, 60_000);
