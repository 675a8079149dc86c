import { expect, test } from "vitest";
import { Findings, INVARIANTS } from "./findings.ts";
import { invariantResults } from "./results.ts";

test("each invariant that holds says what it means, in the table's order", () => {
  const results = invariantResults(new Findings());
  expect(results.map(({ name }) => name)).toEqual(INVARIANTS);
  expect(results.every(({ ok, atMs }) => ok && atMs === null)).toBe(true);
  expect(results.map(({ detail }) => detail)).toEqual([
    "never more tickets acknowledged, or confirmed, than there are",
    "no ticket stayed free while buyers who wanted it were refused",
    "free + held + confirmed = all tickets, after every call",
    "one order for each reservation, in its state",
    "every charge that confirmed nothing goes back exactly once",
    "every unknown outcome was resolved by its id",
    "no buyer over the limit, none refused below it",
    "no server said sold out past the refill bound with stock left",
    "nobody who paid in time was charged for nothing",
    "not checked yet",
  ]);
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
    { name: "latch", ok: false, detail: "said sold out (and 2 more like it)", atMs: 7 },
  ]);
});
