/** The flags of `npm run zoo`. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { UsageError } from "../../sim/cli/usage-error.ts";

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
  const { seeds, starts, jobs, only, ...rest } = readArguments(argv);
  return {
    ...rest,
    seeds: whole("--seeds", seeds, 1_000_000),
    starts: whole("--starts", starts, 1000),
    jobs: whole("--jobs", jobs, 256),
    only: only ?? null,
  };
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
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
  } catch (error) {
    // The first sentence says what is wrong; the rest is advice for other programs.
    const [reason] = (error as Error).message.split(/\.\s/u);
    throw new UsageError(`${reason} (--help lists the flags)`);
  }
}

function whole(flag: string, text: string, most: number): number {
  const value = /^\d{1,9}$/u.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new UsageError(
    `${flag}: expected a whole number from 1 to ${most}, got ${JSON.stringify(text)}`,
  );
}
