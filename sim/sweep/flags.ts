/** The flags of `npm run sweep`. */
import { availableParallelism } from "node:os";
import { parseArguments } from "../cli/parse-arguments.ts";
import { parseSeed } from "../cli/seed.ts";
import { STRATEGY_DEFAULT } from "../cli/strategy.ts";
import { UsageError } from "../cli/usage-error.ts";
import { wholeNumber } from "../cli/whole-number.ts";
import { FAULT_CHOICES } from "./run-seed.ts";
import type { FaultChoice, SweepTarget } from "./run-seed.ts";

export const HELP = `Runs many seeds and reports those that fail.

  npm run sweep -- --seeds 1000                         small drawn sales under a swarm of faults
  npm run sweep -- --seeds 300 --scenario 12306 --faults scenario
  npm run sweep -- --from 5000 --seeds 1000 --strategy order-first

  --seeds N            how many seeds (default 1000)
  --from N             the first of them (default 1)
  --scenario WHICH     small (default): drawn from each seed; a built-in name; or a JSON file
  --faults WHICH       swarm (default): drawn from each seed; scenario: its own; none
  --strategy WHICH     a built-in name or a module (default ${STRATEGY_DEFAULT})
  --jobs N             processes (default: one for each core)
  --json               print one JSON object, and nothing else, on stdout
  --help

Exit codes: 0 all passed, 1 an invariant broke, 2 usage, 4 no progress, 70 a defect of the
simulator, 130 interrupted.
`;

const SEEDS_DEFAULT = "1000";
const SEEDS_MAX = 100_000_000;
const JOBS_MAX = 256;

export interface SweepOptions {
  readonly target: SweepTarget;
  readonly seedFrom: bigint;
  readonly seedCount: number;
  readonly jobs: number;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws UsageError that names the flag and says what would be right. */
export function parseSweepFlags(argv: readonly string[]): SweepOptions {
  const { values } = parseArguments({
    args: argv,
    options: {
      seeds: { type: "string", default: SEEDS_DEFAULT },
      from: { type: "string", default: "1" },
      scenario: { type: "string", default: "small" },
      faults: { type: "string", default: "swarm" },
      strategy: { type: "string", default: STRATEGY_DEFAULT },
      jobs: { type: "string", default: String(availableParallelism()) },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const seedFrom = parseSeed(values.from, "--from");
  const seedCount = wholeNumber("--seeds", values.seeds, 1, SEEDS_MAX);
  if (seedFrom + BigInt(seedCount) > 2n ** 64n)
    throw new UsageError(`--seeds: ${seedCount} seeds from ${seedFrom} on end beyond 2^64 - 1`);
  return {
    target: {
      scenario: values.scenario,
      strategy: values.strategy,
      faults: faultChoice(values.faults),
    },
    seedFrom,
    seedCount,
    jobs: wholeNumber("--jobs", values.jobs, 1, JOBS_MAX),
    json: values.json,
    help: values.help,
  };
}

function faultChoice(text: string): FaultChoice {
  const choice = FAULT_CHOICES.find((name) => name === text);
  if (choice !== undefined) return choice;
  throw new UsageError(
    `--faults: expected one of ${FAULT_CHOICES.join(", ")}, got ${JSON.stringify(text)}`,
  );
}
