/** The flags of `npm run validate`. */
import { availableParallelism } from "node:os";
import { parseArguments } from "../../sim/cli/parse-arguments.ts";
import { parseSeed } from "../../sim/cli/seed.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { wholeNumber } from "../../sim/cli/whole-number.ts";
import { CHECKS, checkNamed } from "./checks.ts";
import type { Check } from "./check.ts";

export const HELP = `Compares the simulator with closed forms: queueing theory at its stations, and the
arithmetic of slices, buffers, waves and strategies on whole sales.

  npm run validate                          every row, some minutes on two cores
  npm run validate -- --quick               the rows that npm test runs
  npm run validate -- --only mm1,gated      some rows

Rows are PASS, FAIL (|t| above t(.995, R-1)) or INCONCLUSIVE (the half-width is above the row's
precision, 2 % unless the row says otherwise, after the most replications that it may take).

  --only NAMES  rows by name, separated by commas
  --seed N      moves every replication to another seed (default 1)
  --jobs N      processes (default: cores, at most 4)
  --quick       the quick rows only
  --json        print one JSON object, and nothing else, on stdout
  --help

Exit codes: 0 every row passed, 1 a row failed, 2 usage, 4 a row is inconclusive.
`;

const JOBS_MAX = 64;
const JOBS_DEFAULT_MAX = 4;

export interface ValidateOptions {
  readonly checks: readonly Check[];
  readonly seed: bigint;
  readonly jobs: number;
  readonly json: boolean;
}

/** @returns null if help was asked for. @throws UsageError that names the flag. */
export function parseValidateFlags(argv: readonly string[]): ValidateOptions | null {
  const { only, seed, jobs, quick, json, help } = parseArguments({
    args: argv,
    options: {
      only: { type: "string" },
      seed: { type: "string", default: "1" },
      jobs: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  }).values;
  if (help) return null;
  if (quick && only !== undefined)
    throw new UsageError("--quick and --only exclude each other: both choose the rows");
  const chosen =
    only === undefined ? CHECKS.filter((check) => !quick || check.quick) : namedIn(only);
  return {
    checks: chosen,
    seed: parseSeed(seed, "--seed"),
    jobs:
      jobs === undefined
        ? Math.min(availableParallelism(), JOBS_DEFAULT_MAX)
        : wholeNumber("--jobs", jobs, 1, JOBS_MAX),
    json,
  };
}

/** In the order of the table, each once. */
function namedIn(only: string): Check[] {
  const wanted = only.split(",").map((name) => checkNamed(name.trim()));
  return CHECKS.filter((check) => wanted.includes(check));
}
