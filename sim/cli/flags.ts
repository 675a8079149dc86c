/** The flags of the command: one table, from which they are read, explained and corrected. */
import { readFlags } from "./read-flags.ts";
import type { FlagTable } from "./read-flags.ts";
import { parseSeed } from "./seed.ts";
import { UsageError } from "./usage-error.ts";

export const FLAGS = {
  seed: { value: "N", help: "64-bit seed: decimal, 0x hex, or a 40-digit commit hash; else drawn" },
  scenario: { value: "NAME|FILE", help: "built-in scenario, or a JSON file, or - (default 12306)" },
  strategy: {
    value: "NAME|FILE",
    help: "pre-deduct (default), order-first, pay-first, article, or ./a-module.ts",
  },
  faults: { value: "WHICH", help: "scenario (default), none, swarm, or a JSON file with a plan" },
  set: { value: "PATH=VALUE", help: "change one field of the scenario; may be repeated" },
  json: { help: "print one JSON object, and nothing else, on stdout" },
  trace: {
    value: "FILE",
    help: "write every domain event to FILE.jsonl, or a Perfetto trace to FILE.json",
  },
  out: { value: "DIR", help: "write result.json, config.json, summary.txt, … into DIR" },
  "print-config": { help: "print what would run, as JSON for --scenario, and stop" },
  "print-schema": { value: "WHICH", help: "print the JSON Schema of scenario, faults or repro" },
  repro: { value: "FILE", help: "replay a violation from its repro file" },
  "check-determinism": { help: "run twice and name the first event in which the runs differ" },
  "no-shrink": { help: "do not look for a smaller run that breaks the same invariant" },
  "shrink-runs": { value: "N", help: "runs to spend on that (default 200)" },
  help: { short: "h", help: "print this help" },
  version: { help: "print the version" },
} as const satisfies FlagTable;

const SCHEMAS = ["scenario", "faults", "repro"] as const;
export type SchemaName = (typeof SCHEMAS)[number];

export const SHRINK_RUNS_DEFAULT = 200;
const SHRINK_RUNS_MAX = 100_000;

/** What was asked for. null: not given, so that a default or a printed configuration decides. */
export interface Options {
  readonly seed: bigint | null;
  readonly scenario: string | null;
  readonly strategy: string | null;
  readonly faults: string | null;
  readonly settings: readonly string[];
  readonly json: boolean;
  readonly trace: string | null;
  readonly out: string | null;
  readonly printConfig: boolean;
  readonly printSchema: SchemaName | null;
  readonly repro: string | null;
  readonly checkDeterminism: boolean;
  /** 0: do not shrink. */
  readonly shrinkRuns: number;
  readonly help: boolean;
  readonly version: boolean;
}

/**
 * Reads the command line. A flag that is given twice counts the last time, so that
 * `npm start -- --seed 7` works; `--set` counts every time.
 * @throws UsageError that names the argument and says what would be right.
 */
export function parseFlags(argv: readonly string[]): Options {
  const given = readFlags(argv, FLAGS, { example: "--scenario NAME or --seed N" });
  const seed = given.text("seed");
  const options: Options = {
    seed: seed === null ? null : parseSeed(seed),
    scenario: given.text("scenario"),
    strategy: given.text("strategy"),
    faults: given.text("faults"),
    settings: given.all("set"),
    json: given.has("json"),
    trace: given.text("trace"),
    out: given.text("out"),
    printConfig: given.has("print-config"),
    printSchema: parseSchemaName(given.text("print-schema")),
    repro: given.text("repro"),
    checkDeterminism: given.has("check-determinism"),
    shrinkRuns: given.has("no-shrink")
      ? 0
      : (given.whole("shrink-runs", 0, SHRINK_RUNS_MAX) ?? SHRINK_RUNS_DEFAULT),
    help: given.has("help"),
    version: given.has("version"),
  };
  checkTogether(options);
  return options;
}

function parseSchemaName(text: string | null): SchemaName | null {
  if (text === null) return null;
  const name = SCHEMAS.find((schema) => schema === text);
  if (name === undefined)
    throw new UsageError(
      `--print-schema: expected one of ${SCHEMAS.join(", ")}, got ${JSON.stringify(text)}`,
    );
  return name;
}

/** A repro file holds a whole configuration, and is replayed as it is. */
function checkTogether({ repro, seed, scenario, faults, settings }: Options): void {
  if (repro === null) return;
  const others = { seed, scenario, faults, set: settings[0] ?? null };
  for (const [name, value] of Object.entries(others)) {
    if (value !== null)
      throw new UsageError(
        `--${name}: a repro file is replayed as it is; leave out --${name} or --repro`,
      );
  }
}
