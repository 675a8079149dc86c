/** The flags of `npm run bench`. */
import { parseArguments } from "../cli/parse-arguments.ts";
import { parseSeed } from "../cli/seed.ts";
import { wholeNumber } from "../cli/whole-number.ts";

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
  const { runs, seed, ...switches } = parseArguments({
    args: argv,
    options: {
      runs: { type: "string" },
      seed: { type: "string", default: "12306" },
      memory: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  }).values;
  return {
    runs: runs === undefined ? (switches.quick ? 1 : 3) : wholeNumber("--runs", runs, 1, RUNS_MAX),
    seed: parseSeed(seed, "--seed").toString(),
    ...switches,
  };
}
