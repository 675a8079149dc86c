import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseOrExplain } from "../../sim/scenario/explain.ts";
import { ReportSchema } from "../document/schema.ts";
import type { Report } from "../document/schema.ts";
import { compareReports } from "./compare-reports.ts";
import { comparisonText } from "./text.ts";

const text = readFileSync(new URL("../sample/report.json", import.meta.url), "utf8");
const sample = parseOrExplain(ReportSchema, JSON.parse(text), "sample");

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
