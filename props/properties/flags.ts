/** The flags of `npm run props`. */
import { parseArguments } from "../../sim/cli/parse-arguments.ts";
import { parseSeed } from "../../sim/cli/seed.ts";
import { STRATEGY_DEFAULT } from "../../sim/cli/strategy.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { wholeNumber } from "../../sim/cli/whole-number.ts";
import { FOUND_FILE } from "./case.ts";
import { PROPERTIES, propertyNamed } from "./properties.ts";
import type { Property } from "./property.ts";

export const HELP = `Plays drawn cases against a strategy and says which promises it breaks, each by a case that
was shrunk until nothing more could be left out.

  npm run props                                  the engine, and the states that the cases reach
  npm run props -- --strategy ./mine.ts          your own strategy
  npm run props -- --strategy article --runs 50
  npm run props -- --repro repro-sales.json --strategy ./mine.ts

  --strategy WHICH  a built-in name or a module (default ${STRATEGY_DEFAULT})
  --only NAMES      some properties, separated by commas
  --runs N          drawn cases of each (default: its own number); 0 plays the found ones only
  --seed N          64-bit seed: decimal, 0x hex or a commit hash (default 12306)
  --path PATH       one case of the seed, as a failure prints it; needs --only with one name
  --repro FILE      one case from its repro file
  --out DIR         where repro files go (default .)
  --found FILE      cases that are played first (default: the committed ones)
  --record          add what breaks to that file
  --json            print one JSON object, and nothing else, on stdout
  --help

Properties:
${PROPERTIES.map(({ name, promise }) => `  ${name.padEnd(16)}  ${promise}`).join("\n")}

Exit codes: 0 all hold, 1 one is broken or, for ${STRATEGY_DEFAULT}, a state was never reached, 2 usage.
`;

export const SEED_DEFAULT = 12306n;
const RUNS_MAX = 1_000_000;

export interface PropsOptions {
  readonly strategy: string;
  readonly properties: readonly Property[];
  /** Whether some properties were left out. */
  readonly isPart: boolean;
  /** null: each property's own number. */
  readonly runs: number | null;
  readonly seed: bigint;
  readonly path: string | null;
  readonly repro: string | null;
  readonly out: string;
  readonly found: string;
  readonly record: boolean;
  readonly json: boolean;
}

/** @returns null if help was asked for. @throws UsageError that names the flag. */
export function parsePropsFlags(argv: readonly string[]): PropsOptions | null {
  const { values } = parseArguments({
    args: argv,
    options: {
      strategy: { type: "string", default: STRATEGY_DEFAULT },
      only: { type: "string" },
      runs: { type: "string" },
      seed: { type: "string" },
      path: { type: "string" },
      repro: { type: "string" },
      out: { type: "string", default: "." },
      found: { type: "string", default: FOUND_FILE },
      record: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return null;
  const { only, path = null, repro = null, seed, runs } = values;
  const properties = only === undefined ? PROPERTIES : namedIn(only);
  if (path !== null && (only === undefined || properties.length !== 1))
    throw new UsageError("--path: a path is one of one property's: name it with --only");
  if (path !== null && !/^\d+(?::\d+)*$/u.test(path))
    throw new UsageError(`--path: expected numbers, as 17:0:3, got ${JSON.stringify(path)}`);
  if (repro !== null && (only ?? path ?? seed ?? runs) !== undefined)
    throw new UsageError(
      "--repro: the file says which case; leave out --only, --path, --seed, --runs",
    );
  return {
    strategy: values.strategy,
    properties,
    isPart: only !== undefined,
    runs: runs === undefined ? null : wholeNumber("--runs", runs, 0, RUNS_MAX),
    seed: seed === undefined ? SEED_DEFAULT : parseSeed(seed),
    path,
    repro,
    out: values.out,
    found: values.found,
    record: values.record,
    json: values.json,
  };
}

/** In the order of the list, each once. */
function namedIn(only: string): Property[] {
  const wanted = only.split(",").map((name) => named(name.trim(), "--only"));
  return PROPERTIES.filter((property) => wanted.includes(property));
}

/** @throws UsageError that lists the names, if there is none of this one. */
export function named(name: string, where: string): Property {
  const property = propertyNamed(name);
  if (property !== undefined) return property;
  const names = PROPERTIES.map((property) => property.name).join(", ");
  throw new UsageError(
    `${where}: there is no property ${JSON.stringify(name)}; there are ${names}`,
  );
}
