/** The command behind `npx tsx reports/compare.ts`. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { parseJson, readText } from "../../sim/cli/input-file.ts";
import { parseArguments } from "../../sim/cli/parse-arguments.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { parseOrExplain } from "../../sim/scenario/explain.ts";
import { explained } from "../command/explained.ts";
import { ReportSchema } from "../document/schema.ts";
import type { Report } from "../document/schema.ts";
import { compareReports } from "./compare-reports.ts";
import { comparisonText } from "./text.ts";

export const HELP = `Lays two capacity reports side by side, as before and after a change.

  npx tsx reports/compare.ts A B          A and B: directories of reports, or their report.json
  npx tsx reports/compare.ts A B --json   all comparisons as one JSON object

Cells with the same settings are compared, seed by seed where the seeds are the same; a difference
is marked if it is larger than chance (t test, Holm over all comparisons, level 0.05). Two or five
sales are too few for that, however they differ; the text says how many it takes.

Exit codes: 0 compared, 2 usage.
`;

/** @returns The exit code. */
export function main(argv: readonly string[]): Promise<number> {
  return explained(() => {
    const { paths, json, help } = parse(argv);
    if (help) {
      process.stdout.write(HELP);
      return EXIT.passed;
    }
    const [a, b] = paths.map(readReport);
    const comparison = compareReports(a, b);
    process.stdout.write(
      json
        ? `${JSON.stringify({ schemaVersion: 1, ...comparison })}\n`
        : comparisonText(a, b, comparison),
    );
    return EXIT.passed;
  });
}

function parse(argv: readonly string[]) {
  const { values, positionals } = parseArguments({
    args: argv,
    allowPositionals: true,
    options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  const help = values.help ?? false;
  if (!help && positionals.length !== 2)
    throw new UsageError(
      `expected two reports: npx tsx reports/compare.ts A B, got ${positionals.length}`,
    );
  return { paths: positionals, json: values.json ?? false, help };
}

/** @throws UsageError if there is no report at that path. */
function readReport(path: string): Report {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, "report.json") : path;
  if (!existsSync(file)) throw new UsageError(`${file}: no such file; expected a report.json`);
  const value = parseJson(readText(file), file);
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === "number" && version !== 1)
    throw new UsageError(`${file}: schemaVersion ${version}: this program reads version 1`);
  return parseOrExplain(ReportSchema, value, file);
}
