/** The flags of `npm run zoo`. */
import { availableParallelism } from "node:os";
import { parseArguments } from "../../sim/cli/parse-arguments.ts";
import { wholeNumber } from "../../sim/cli/whole-number.ts";

export const HELP = `Hunts the mutants of the zoo: each is the project with one planted bug, which a named invariant
must find. Then the mutants of the checkers: each is the oracle with one defect, which a run must
give away.

  npm run zoo                       every mutant, up to 1000 seeds from each of 3 starts
  npm run zoo -- --only 7           one of them
  npm run zoo -- --only 50b         one variant of a bug
  npm run zoo -- --record           and stores the seeds that npm test uses

  --seeds N   seeds per start (default 1000)
  --starts N  starts (default 3); seeds needed is their median
  --only ID   a number of the list, "article" for the published demo, or "checkers"
  --jobs N    processes (default: one for each core)
  --json      print one JSON object, and nothing else, on stdout
  --help

Exit codes: 0 all killed, 1 one survived or was never executed, or the engine fails on its seed,
2 usage, 3 redis-server is missing, 130 interrupted.
`;

export interface ZooOptions {
  readonly seeds: number;
  readonly starts: number;
  readonly jobs: number;
  /** The only mutant to hunt, as given; null: all. */
  readonly only: string | null;
  readonly record: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws UsageError that names the flag and says what would be right. */
export function parseZooFlags(argv: readonly string[]): ZooOptions {
  const { seeds, starts, jobs, only, ...rest } = parseArguments({
    args: argv,
    options: {
      seeds: { type: "string", default: "1000" },
      starts: { type: "string", default: "3" },
      jobs: { type: "string", default: String(availableParallelism()) },
      only: { type: "string" },
      record: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  }).values;
  return {
    ...rest,
    seeds: wholeNumber("--seeds", seeds, 1, 1_000_000),
    starts: wholeNumber("--starts", starts, 1, 1000),
    jobs: wholeNumber("--jobs", jobs, 1, 256),
    only: only ?? null,
  };
}
