/** The flags of the command: one table, from which they are read, explained and corrected. */
import { parseArgs } from "node:util";
import { nearest } from "./nearest.ts";
import { parseSeed } from "./seed.ts";
import { UsageError } from "./usage-error.ts";

interface Flag {
  /** What the value is called in the help; absent: the flag takes none. */
  readonly value?: string;
  readonly short?: string;
  readonly help: string;
}

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
} as const satisfies Readonly<Record<string, Flag>>;

type FlagName = keyof typeof FLAGS;

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
  const { given, settings } = readTokens(argv);
  const text = (name: FlagName): string | null => given.get(name) ?? null;
  const seed = text("seed");
  const options: Options = {
    seed: seed === null ? null : parseSeed(seed),
    scenario: text("scenario"),
    strategy: text("strategy"),
    faults: text("faults"),
    settings,
    json: given.has("json"),
    trace: text("trace"),
    out: text("out"),
    printConfig: given.has("print-config"),
    printSchema: parseSchemaName(text("print-schema")),
    repro: text("repro"),
    checkDeterminism: given.has("check-determinism"),
    shrinkRuns: given.has("no-shrink") ? 0 : parseShrinkRuns(text("shrink-runs")),
    help: given.has("help"),
    version: given.has("version"),
  };
  checkTogether(options);
  return options;
}

/** parseArgs splits the arguments; not being strict, it leaves it to us to say what is wrong. */
function readTokens(argv: readonly string[]): { given: Map<FlagName, string>; settings: string[] } {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries<Flag>(FLAGS).map(([name, { value, short }]) => [
        name,
        { type: value === undefined ? "boolean" : "string", ...(short && { short }) } as const,
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<FlagName, string>();
  const settings: string[] = [];
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") throw unexpected(token.value);
    const name = checkName(token.name, token.rawName);
    const { value }: Flag = FLAGS[name];
    if (value === undefined) {
      if (token.value !== undefined)
        throw new UsageError(`--${name}: takes no value, got ${JSON.stringify(token.value)}`);
      given.set(name, "");
      continue;
    }
    if (token.value === undefined || (!token.inlineValue && /^--?[a-z]/u.test(token.value)))
      throw new UsageError(`--${name}: expected a value: --${name} ${value}`);
    if (token.value === "") throw new UsageError(`--${name}: expected ${value}, got ""`);
    if (name === "set") settings.push(token.value);
    else given.set(name, token.value);
  }
  return { given, settings };
}

function checkName(name: string, rawName: string): FlagName {
  if (Object.hasOwn(FLAGS, name)) return name as FlagName;
  const meant = nearest(name, Object.keys(FLAGS));
  throw new UsageError(
    `unknown flag ${rawName}; ${meant === undefined ? "--help lists them all" : `did you mean --${meant}?`}`,
  );
}

function unexpected(argument: string): UsageError {
  return new UsageError(
    `unexpected argument ${JSON.stringify(argument)}; every input has a flag, as ` +
      `--scenario NAME or --seed N (--help lists them all)`,
  );
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

function parseShrinkRuns(text: string | null): number {
  if (text === null) return SHRINK_RUNS_DEFAULT;
  const runs = /^\d{1,9}$/u.test(text) ? Number(text) : -1;
  if (runs < 0 || runs > SHRINK_RUNS_MAX)
    throw new UsageError(
      `--shrink-runs: expected a whole number from 0 to ${SHRINK_RUNS_MAX}, got ${JSON.stringify(text)}`,
    );
  return runs;
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
