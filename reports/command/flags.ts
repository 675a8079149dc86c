/** The flags of `npm run report`. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArguments } from "../../sim/cli/parse-arguments.ts";
import { parseSeed } from "../../sim/cli/seed.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { wholeNumber } from "../../sim/cli/whole-number.ts";
import { CALIBRATION_FILE } from "../calibration.ts";

export const HELP = `Answers how many servers and how much buffer a sale needs, and why to believe it.

  npx tsx reports/capacity.ts --scenario 12306 --seed 1 --out DIR
  npx tsx reports/capacity.ts --scenario 12306 --quick --out DIR    rough, under a minute
  npx tsx reports/compare.ts A B                                    two reports side by side
  npx tsx reports/sample.ts                                         the committed sample again

Writes report.html (no script, no network), report.json, report.md, seeds.csv and plots/ (SVG, PNG).
The same scenario, seed and calibration give the same files, byte for byte. A full report of a
million buyers takes some 20 minutes on two cores: about 200 sales of full size, and 700 small ones
(the scenario's report.sweepScale). Limits come from the scenario's slo.

  --scenario NAME|FILE  built-in scenario or a JSON file (default 12306)
  --set PATH=VALUE      change one field of the scenario; may be repeated
  --seed N              decimal, 0x hex or a commit hash: all seeds follow from it (default 1)
  --out DIR             where the files go (default capacity-report)
  --quick               few sales, all of them small: rough, and marked as such
  --max-runs N          sales for one answer at most (default: the scenario's report.replications.most)
  --calibration FILE    what was measured on a real stack (default reports/calibration.json, if
                        there); none: leave it out
  --jobs N              processes (default: one for each core)
  --print-schema        print the JSON Schema of report.json, and stop
  --help, --version

Exit codes: 0 written, whatever the verdict; 2 usage, 3 the files cannot be written, 130 interrupted
(nothing is written then).
`;

const RUNS_MAX = 1000;
const JOBS_MAX = 256;

const OPTIONS = {
  scenario: { type: "string" },
  set: { type: "string", multiple: true },
  seed: { type: "string" },
  out: { type: "string" },
  quick: { type: "boolean" },
  "max-runs": { type: "string" },
  calibration: { type: "string" },
  jobs: { type: "string" },
  "print-schema": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

export interface ReportOptions {
  readonly scenario: string;
  readonly settings: readonly string[];
  readonly seed: bigint;
  readonly out: string;
  readonly quick: boolean;
  /** Null: as the scenario says. */
  readonly runsMax: number | null;
  /** Null: "none" was named, or nothing, and the committed one is not there. */
  readonly calibration: string | null;
  readonly jobs: number;
  readonly printSchema: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

function calibrationOf(named: string | undefined): string | null {
  if (named === "none") return null;
  return named ?? (existsSync(CALIBRATION_FILE) ? CALIBRATION_FILE : null);
}

/** @throws UsageError that names the flag and says what would be right. */
export function parseReportFlags(argv: readonly string[]): ReportOptions {
  const { values } = parseArguments({ args: argv, options: OPTIONS });
  for (const [name, value] of Object.entries(values))
    if (value === "") throw new UsageError(`--${name}: expected a value, got ""`);
  const scenario = values.scenario ?? "12306";
  if (scenario === "small" || scenario === "-")
    throw new UsageError(
      `--scenario ${scenario}: every sale of a report is of one scenario that can be named again; ` +
        `give a built-in name or a file`,
    );
  return {
    scenario,
    settings: values.set ?? [],
    seed: parseSeed(values.seed ?? "1"),
    out: values.out ?? "capacity-report",
    quick: values.quick ?? false,
    runsMax:
      values["max-runs"] === undefined
        ? null
        : wholeNumber("--max-runs", values["max-runs"], 2, RUNS_MAX),
    calibration: calibrationOf(values.calibration),
    jobs:
      values.jobs === undefined
        ? availableParallelism()
        : wholeNumber("--jobs", values.jobs, 1, JOBS_MAX),
    printSchema: values["print-schema"] ?? false,
    help: values.help ?? false,
    version: values.version ?? false,
  };
}
