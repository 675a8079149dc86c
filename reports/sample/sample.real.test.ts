/**
 * The committed sample is what this program makes, byte for byte: its pages from report.json, and
 * all of it by the command that it names. `npx tsx reports/sample.ts` renews it.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseOrExplain } from "../../sim/scenario/explain.ts";
import { reportFiles } from "../command/write.ts";
import { ReportSchema } from "../document/schema.ts";
import type { Report } from "../document/schema.ts";

/** Half a minute on two cores; other tests run beside it. */
const MS_MAX = 600_000;

const root = fileURLToPath(new URL("../../", import.meta.url));
const sample = join(root, "reports/sample");
const report = readReport(sample);

function readReport(directory: string): Report {
  const text = readFileSync(join(directory, "report.json"), "utf8");
  return parseOrExplain(ReportSchema, JSON.parse(text), directory);
}

test.each(reportFiles(report))("%s is made from report.json", (name, content) => {
  expect(readFileSync(join(sample, name)).equals(Buffer.from(content))).toBe(true);
});

/** Its parts by name: a difference of the whole would be told in a million characters. */
function partsOf(whole: Report): [string, unknown][] {
  return [
    ...Object.entries({ ...whole, cells: [], sections: [], plots: [] }),
    ...whole.cells.map((cell): [string, unknown] => [cell.command, cell]),
    ...whole.sections.map((section): [string, unknown] => [section.id, section]),
    ...whole.plots.map((plot): [string, unknown] => [plot.id, plot]),
  ];
}

test("its own command makes all of it again", { timeout: MS_MAX }, () => {
  const directory = mkdtempSync(join(tmpdir(), "sample-"));
  try {
    const [npx, tsx, script, ...words] = report.provenance.command.split(" ");
    expect([npx, tsx, words.at(-1)]).toEqual(["npx", "tsx", "DIR"]);
    const { status, stderr } = spawnSync(
      join(root, "node_modules/.bin/tsx"),
      [script, ...words.slice(0, -1), directory],
      { cwd: root, encoding: "utf8", timeout: MS_MAX },
    );
    expect(status, stderr).toBe(0);
    const committed = partsOf(report);
    const made = partsOf(readReport(directory));
    expect(made.map(([name]) => name)).toEqual(committed.map(([name]) => name));
    const differing = made.filter(
      ([, part], i) => JSON.stringify(part) !== JSON.stringify(committed[i][1]),
    );
    expect(differing.map(([name]) => name)).toEqual([]);
    for (const [name] of reportFiles(report))
      expect(
        readFileSync(join(directory, name)).equals(readFileSync(join(sample, name))),
        name,
      ).toBe(true);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
