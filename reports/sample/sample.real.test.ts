/**
 * The committed sample is what this program makes: its pages again from report.json, byte for byte,
 * and a sale of every experiment again from its seed. `npx tsx reports/sample.ts` renews it.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadStrategy } from "../../sim/cli/strategy.ts";
import { loadSubject } from "../command/make.ts";
import { reportFiles } from "../command/write.ts";
import { rounded } from "../document/numbers.ts";
import { ReportSchema } from "../document/schema.ts";
import { runSale } from "../experiments/run-sale.ts";
import { parseOrExplain } from "../../sim/scenario/explain.ts";
import { SAMPLE } from "./request.ts";

const fileOf = (name: string): Buffer => readFileSync(new URL(name, import.meta.url));
const report = parseOrExplain(ReportSchema, JSON.parse(fileOf("report.json").toString()), "sample");

test.each(reportFiles(report))("%s is made from report.json", (name, content) => {
  expect(fileOf(name).equals(Buffer.from(content))).toBe(true);
});

describe("a sale of each experiment runs as it did", () => {
  const subject = loadSubject({ ...SAMPLE, jobs: 1 });
  const last = new Map(report.cells.map((cell) => [`${cell.experiment} ${cell.strategy}`, cell]));
  test.each([...last])("%s", async (_, { strategy, settings, runs }) => {
    const [run] = runs;
    const cell = { strategy, settings };
    const sale = runSale(
      subject.scenario,
      cell,
      await loadStrategy(strategy),
      BigInt(run.seed),
      false,
    );
    expect(sale.traceHash).toBe(run.traceHash);
    const values = Object.entries(sale.values).map(([name, value]) => [
      name,
      value === null ? null : rounded(value),
    ]);
    expect(Object.fromEntries(values)).toEqual(run.values);
  });
});
