import { describe, expect, test } from "vitest";
import type { SeedOutcome } from "./run-seed.ts";
import { exitCodeOfSweep, summarise, summaryText } from "./summary.ts";

const target = { scenario: "small", strategy: "pre-deduct", faults: "swarm" } as const;
const passed = (seed: number): SeedOutcome => ({
  seed: String(seed),
  verdict: "passed",
  broken: [],
  detail: "",
  traceHash: "0123456789abcdef",
  events: 100,
});
const violated: SeedOutcome = {
  ...passed(9),
  verdict: "violated",
  broken: ["no-oversell", "latch"],
  detail: "one ticket too many",
};
const stuck: SeedOutcome = { ...passed(8), verdict: "no-progress", detail: "1 hold is not due" };
const fell: SeedOutcome = { ...passed(7), verdict: "error", detail: "no event kind 99" };

const summaryOf = (asked: number, ...outcomes: SeedOutcome[]) =>
  summarise(target, 1n, asked, outcomes);

describe("a sweep's summary", () => {
  test("bounds what n clean seeds show", () => {
    const summary = summaryOf(3, passed(1), passed(2), passed(3));
    expect(summary).toMatchObject({ seeds: 3, passed: 3, failureShareBelow: 1, events: 300 });
    expect(summaryText(summary)).toContain("p < 1.0 (3/n, 95 %)");
    expect(exitCodeOfSweep(summary)).toBe(0);
  });

  test("lists every failing seed with the command that repeats it", () => {
    const summary = summaryOf(4, passed(1), fell, stuck, violated);
    expect(summary).toMatchObject({ violated: 1, noProgress: 1, errors: 1 });
    expect(summary.failureShareBelow).toBeNull();
    expect(summary.brokenByInvariant).toEqual({ "no-oversell": 1, latch: 1 });
    expect(summaryText(summary)).toContain(
      "--seed 9 --scenario small --faults swarm --strategy pre-deduct",
    );
  });

  test("ends with the gravest exit code", () => {
    expect(exitCodeOfSweep(summaryOf(3, stuck, fell, violated))).toBe(1);
    expect(exitCodeOfSweep(summaryOf(2, stuck, fell))).toBe(70);
    expect(exitCodeOfSweep(summaryOf(1, stuck))).toBe(4);
    expect(exitCodeOfSweep(summaryOf(5, violated))).toBe(130);
  });
});
