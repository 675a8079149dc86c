/** The flags of `npm run bench:service`. */
import { parseArguments } from "../../sim/cli/parse-arguments.ts";
import { wholeNumber } from "../../sim/cli/whole-number.ts";

export const HELP = `Measures the ticket server against bare node:http and against the published demo's design.

  npm run bench:service                  some minutes; writes reports/bench-service.json
  npm run bench:service -- --rounds 1    shows that it works; judges nothing, writes nothing

  --rounds N     rounds, each with every server in turn (default 27; 7 at least to be judged):
                 many short ones, because a shared host changes its speed within seconds
  --seconds N    how long each server is under load in a round (default 1)
  --json         print one JSON object, and nothing else, on stdout
  --help

Exit code 1 if a gate fails. Other work on the machine spoils it: read ratios, not absolutes.
`;

export interface BenchOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws UsageError that names the flag and says what would be right. */
export function parseBenchFlags(argv: readonly string[]): BenchOptions {
  const { rounds, seconds, json, help } = parseArguments({
    args: argv,
    options: {
      rounds: { type: "string", default: "27" },
      seconds: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  }).values;
  return {
    rounds: wholeNumber("--rounds", rounds, 1, 1000),
    seconds: wholeNumber("--seconds", seconds, 1, 600),
    json,
    help,
  };
}
