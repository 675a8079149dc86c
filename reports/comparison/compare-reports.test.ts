import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseOrExplain } from "../../sim/scenario/explain.ts";
import { ReportSchema } from "../document/schema.ts";
import type { Report } from "../document/schema.ts";
import { LEVEL } from "../statistics/holm.ts";
import { salesNeeded } from "../statistics/paired.ts";
import { compareReports } from "./compare-reports.ts";
import { comparisonText } from "./text.ts";

const text = readFileSync(new URL("../sample/report.json", import.meta.url), "utf8");
const sample = parseOrExplain(ReportSchema, JSON.parse(text), "sample");

/** Its first cell and no other, with the first so many of its sales, and their values changed. */
function small(sales: number, change: (value: number) => number, seeds = ""): Report {
  const [first] = sample.cells;
  const runs = first.runs.slice(0, sales).map(({ seed, values, ...run }) => ({
    ...run,
    seed: seeds + seed,
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, value === null ? null : change(value)]),
    ),
  }));
  return { ...sample, cells: [{ ...first, runs }] };
}

/** The sample with the p99 of its first cell changed, sale by sale. */
function changed(change: (value: number, sale: number) => number): Report {
  const [first, ...rest] = sample.cells;
  const runs = first.runs.map((run, i) => ({
    ...run,
    values: { ...run.values, winnerP99Ms: change(run.values["winnerP99Ms"]!, i) },
  }));
  return { ...sample, cells: [{ ...first, runs }, ...rest] };
}

const changes = (b: Report) => compareReports(sample, b).measures.filter(({ changed }) => changed);

test("nothing differs between a report and itself", () => {
  const comparison = compareReports(sample, sample);
  expect(comparison).toMatchObject({ onlyA: 0, onlyB: 0 });
  expect(comparison.measures.length).toBeGreaterThan(100);
  expect(changes(sample)).toEqual([]);
});

test("two per cent more in every sale is no chance, though far less than they differ", () => {
  const slower = changed((value, i) => value * (1.02 + (i % 3) / 1000));
  const [only, ...others] = changes(slower);
  expect(others).toEqual([]);
  expect(only).toMatchObject({ measure: "winnerP99Ms", experiment: "answer", changed: true });
  expect(comparisonText(sample, slower, compareReports(sample, slower))).toContain(
    "p99 of those who get a ticket",
  );
});

test("as much up as down is chance", () => {
  expect(changes(changed((value, i) => value * (i % 2 === 0 ? 1.02 : 0.98)))).toEqual([]);
});

test("cells that only one of them ran are counted, not compared", () => {
  const fewer = { ...sample, cells: sample.cells.slice(3) };
  expect(compareReports(sample, fewer)).toMatchObject({ onlyA: 3, onlyB: 0 });
});

test.each([
  ["the same seeds", ""],
  ["other seeds", "1"],
])("two sales that differ alike tell nothing: %s", (_, seeds) => {
  const [a, b] = [small(2, () => 5), small(2, () => 4, seeds)];
  const comparison = compareReports(a, b);
  expect(comparison.measures.length).toBeGreaterThan(10);
  expect(comparison.measures.filter(({ changed }) => changed)).toEqual([]);
  expect(comparison.measures.every(({ tooFew }) => tooFew)).toBe(true);
  expect(comparisonText(a, b, comparison)).toContain("too few sales to tell anything");
});

test.each([
  ["the same seeds", ""],
  ["other seeds", "1"],
])("as many as it says are needed do tell something, and one less does not: %s", (_, seeds) => {
  const compared = (sales: number) => {
    const [a, b] = [small(sales, () => 5), small(sales, () => 4, seeds)];
    const comparison = compareReports(a, b);
    return { ...comparison, text: comparisonText(a, b, comparison) };
  };
  const comparisons = compared(2).measures.length;
  const needed = salesNeeded(comparisons, LEVEL, seeds === "");
  const [enough, fewer] = [compared(needed), compared(needed - 1)];
  expect(enough.measures).toHaveLength(comparisons);
  expect(enough.measures.every(({ changed, tooFew }) => changed && !tooFew)).toBe(true);
  expect(enough.text).not.toContain("too few sales");
  expect(fewer.measures.every(({ changed, tooFew }) => !changed && tooFew)).toBe(true);
});

test("what only reads differently is called no test", () => {
  const other = { ...sample, verdict: "FAIL" as const };
  const text = comparisonText(sample, other, compareReports(sample, other));
  expect(text).toMatch(/verdict +\w+ +FAIL +changed\n/u);
  expect(text).toContain("is no test");
  expect(text).not.toContain("differs\n");
});
