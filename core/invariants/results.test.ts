import { expect, test } from "vitest";
import { Findings, INVARIANTS } from "./findings.ts";
import { invariantResults } from "./results.ts";

test("each invariant that holds says what it means, in the table's order", () => {
  const results = invariantResults(new Findings());
  expect(results.map(({ name }) => name)).toEqual(INVARIANTS);
  expect(results.every(({ ok, atMs }) => ok && atMs === null)).toBe(true);
  expect(new Set(results.map(({ detail }) => detail)).size).toBe(INVARIANTS.length);
  expect(results.at(-1)?.detail).toBe("not checked yet");
  const checked = invariantResults(new Findings(), "two runs agreed");
  expect(checked.at(-1)?.detail).toBe("two runs agreed");
  expect(checked.slice(0, -1)).toEqual(results.slice(0, -1));
});

test("a violated one says when it first was, how, and how often again", () => {
  const findings = new Findings();
  findings.report("no-oversell", 20, "11 of 10");
  findings.report("latch", 7, "said sold out");
  findings.report("latch", 9, "said sold out again");
  findings.report("latch", 9, "and again");
  const broken = invariantResults(findings).filter(({ ok }) => !ok);
  expect(broken).toEqual([
    { name: "no-oversell", ok: false, detail: "11 of 10", atMs: 20 },
    { name: "latch", ok: false, detail: "said sold out (and 2 more)", atMs: 7 },
  ]);
});
