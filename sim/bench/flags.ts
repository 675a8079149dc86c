/** The flags of `npm run bench`. */
import { parseArgs } from "node:util";
import { parseSeed } from "../cli/seed.ts";
import { UsageError } from "../cli/usage-error.ts";

export const HELP = `Measures the simulator: its event queue, the full scenario, and its layers.

  npm run bench                  some minutes
  npm run bench -- --memory      peak memory of 1,000,000 and of 10,000,000 buyers as well
  npm run bench -- --quick       small sizes: shows that it works, not how fast

  --runs N      fresh processes for the scenario's median (default 3)
  --seed N      seed of the scenario (default 12306)
  --memory      measure peak memory at two sizes (one long run)
  --quick       one run of everything, a fiftieth of the size
  --json        print one JSON object, and nothing else, on stdout
  --help
`;

const RUNS_MAX = 1000;

export interface BenchOptions {
  readonly runs: number;
  readonly seed: string;
  readonly memory: boolean;
  readonly quick: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws UsageError that names the flag and says what would be right. */
export function parseBenchFlags(argv: readonly string[]): BenchOptions {
  const { runs, seed, ...switches } = readArguments(argv);
  return {
    runs: runs === undefined ? (switches.quick ? 1 : 3) : wholeRuns(runs),
    seed: parseSeed(seed, "--seed").toString(),
    ...switches,
  };
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        runs: { type: "string" },
        seed: { type: "string", default: "12306" },
        memory: { type: "boolean", default: false },
        quick: { type: "boolean", default: false },
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

function wholeRuns(text: string): number {
  const runs = /^\d{1,4}$/u.test(text) ? Number(text) : 0;
  if (runs >= 1 && runs <= RUNS_MAX) return runs;
  throw new UsageError(
    `--runs: expected a whole number from 1 to ${RUNS_MAX}, got ${JSON.stringify(text)}`,
  );
}
