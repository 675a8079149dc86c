import { describe, expect, test } from "vitest";
import { INVARIANTS } from "../../core/invariants/findings.ts";
import type { CheckerRow } from "./checkers/job.ts";
import type { Hunt } from "./hunt.ts";
import type { Row } from "./job.ts";
import { hasPassed, rowText, summaryText, toJson, verdictOf } from "./matrix.ts";

const killedAfter = (seeds: number, enginePasses = true): Hunt => ({
  kill: {
    suite: "sale",
    seed: "1",
    invariant: "latch",
    broken: ["latch"],
    detail: "SOLDOUT was said",
    enginePasses,
  },
  seeds,
  threw: null,
});
const survivor: Hunt = { kill: null, seeds: 1000, threw: null };

const row = (hunts: readonly Hunt[], more: Partial<Row> = {}): Row => ({
  id: "52",
  title: "a bug",
  language: "typescript",
  mustBreak: ["latch"],
  hunts,
  plantedHits: 3,
  error: null,
  ...more,
});

const checker: CheckerRow = {
  title: "sees nothing",
  invariant: "latch",
  suite: "sale",
  blindTo: "52",
  exposure: { seed: "4", seeds: 4 },
  error: null,
};

const dead = row([killedAfter(1), killedAfter(9), killedAfter(2)]);

describe("a row", () => {
  test.each([
    ["killed", dead],
    ["survived", row([killedAfter(1), survivor])],
    ["never executed", row([survivor], { plantedHits: 0 })],
    ["engine fails", row([killedAfter(1), killedAfter(1, false)])],
    ["not hunted", row([], { error: "it does not build" })],
  ] as const)("%s", (verdict, one) => {
    expect(verdictOf(one)).toBe(verdict);
    const isKilled = verdict === "killed";
    expect(hasPassed({ rows: [one], checkers: [], isWhole: false, isPartial: false })).toBe(
      isKilled,
    );
    expect(rowText(one).includes(verdict.toUpperCase())).toBe(!isKilled);
  });

  test("has the median of its starts", () => {
    expect(rowText(dead)).toContain(" 2 (1, 9, 2) ");
    expect(rowText(row([killedAfter(1), survivor]))).toContain(" - (1, >1000) ");
  });

  test("says what a badly planted mutant threw", () => {
    expect(rowText(row([{ ...survivor, threw: "threw: x is not defined" }]))).toContain(
      "SURVIVED: threw: x is not defined",
    );
  });
});

describe("the whole zoo", () => {
  const all = INVARIANTS.filter((name) => name !== "determinism").map((invariant, i) => {
    const { kill } = killedAfter(1);
    return row([{ ...survivor, kill: { ...kill!, invariant } }], { id: String(i) });
  });

  test("needs a kill by every invariant", () => {
    expect(hasPassed({ rows: all, checkers: [checker], isWhole: true, isPartial: false })).toBe(
      true,
    );
    expect(
      hasPassed({ rows: all.slice(1), checkers: [checker], isWhole: true, isPartial: false }),
    ).toBe(false);
    expect(
      hasPassed({ rows: all.slice(1), checkers: [checker], isWhole: false, isPartial: false }),
    ).toBe(true);
  });

  test("has not passed when it was interrupted", () => {
    const found = { rows: all, checkers: [checker], isWhole: true, isPartial: true };
    expect(hasPassed(found)).toBe(false);
    expect(summaryText(found)).toContain("interrupted");
  });

  test("needs every mutant of a checker to be given away", () => {
    const hidden = { ...checker, exposure: null };
    expect(
      hasPassed({ rows: all, checkers: [checker, hidden], isWhole: true, isPartial: false }),
    ).toBe(false);
    expect(
      summaryText({ rows: all, checkers: [hidden], isWhole: true, isPartial: false }),
    ).toContain("NOT GIVEN AWAY");
  });

  test("says what is no mutant, and what died by what", () => {
    const text = summaryText({ rows: [dead], checkers: [], isWhole: false, isPartial: false });
    expect(text).toMatch(/latch +52\n/u);
    expect(text).toMatch(/one-order +nothing\n/u);
    expect(text).toContain("44   ack before ledger: there is no ledger yet");
  });

  test("as JSON says the same", () => {
    const json: unknown = JSON.parse(
      toJson({ rows: [dead], checkers: [checker], isWhole: true, isPartial: false }),
    );
    expect(json).toMatchObject({
      schemaVersion: 2,
      passed: false,
      mutants: [{ id: "52", verdict: "killed", executed: true, broke: ["latch"], seedsNeeded: 2 }],
      invariants: { latch: ["52"], "one-order": [] },
    });
  });
});
