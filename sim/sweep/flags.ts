/** The flags of `npm run sweep`. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { parseSeed } from "../cli/seed.ts";
import { STRATEGY_DEFAULT } from "../cli/strategy.ts";
import { UsageError } from "../cli/usage-error.ts";
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
  const values = readArguments(argv);
  const seedFrom = parseSeed(values.from, "--from");
  const seedCount = whole("--seeds", values.seeds, SEEDS_MAX);
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
    jobs: whole("--jobs", values.jobs, JOBS_MAX),
    json: values.json,
    help: values.help,
  };
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
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
    }).values;
  } catch (error) {
    // The first sentence says what is wrong; the rest is advice for other programs.
    const [reason] = (error as Error).message.split(/\.\s/u);
    throw new UsageError(`${reason} (--help lists the flags)`);
  }
}

function whole(flag: string, text: string, most: number): number {
  const value = /^\d{1,12}$/u.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new UsageError(
    `${flag}: expected a whole number from 1 to ${most}, got ${JSON.stringify(text)}`,
  );
}

function faultChoice(text: string): FaultChoice {
  const choice = FAULT_CHOICES.find((name) => name === text);
  if (choice !== undefined) return choice;
  throw new UsageError(
    `--faults: expected one of ${FAULT_CHOICES.join(", ")}, got ${JSON.stringify(text)}`,
  );
}
