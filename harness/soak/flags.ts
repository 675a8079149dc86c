/** The flags of `npm run soak`. */
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { flagsText, readFlags } from "../../sim/cli/read-flags.ts";
import type { FlagTable } from "../../sim/cli/read-flags.ts";
import { parseSeed } from "../../sim/cli/seed.ts";
import { STRATEGY_DEFAULT } from "../../sim/cli/strategy.ts";

const PLANS_DEFAULT = 100;
const PLANS_MAX = 1_000_000;
const MINUTES_MAX = 10_000;

const FLAGS = {
  plans: { value: "N", help: `how many plans (default ${PLANS_DEFAULT})` },
  seed: { value: "N", help: "seed of the first plan (default 1); the next one has the next seed" },
  minutes: { value: "M", help: "begin no plan after so many minutes" },
  strategy: { value: "NAME|FILE", help: `what is put to the test (default ${STRATEGY_DEFAULT})` },
  db: { value: "WHICH", help: "auto (default), postgres, pglite, or a URL" },
  json: { help: "print one JSON object, and nothing else, on stdout" },
  out: { value: "DIR", help: "where a failed run's configuration and history go (default .)" },
  help: { short: "h", help: "print this help" },
} as const satisfies FlagTable;

export interface SoakOptions {
  readonly plans: number;
  readonly seed: bigint;
  /** null: no limit. */
  readonly minutes: number | null;
  readonly strategy: string;
  readonly db: string;
  readonly json: boolean;
  readonly out: string;
  readonly help: boolean;
}

/** @throws UsageError that names the flag and says what would be right. */
export function parseSoakFlags(argv: readonly string[]): SoakOptions {
  const given = readFlags(argv, FLAGS);
  return {
    plans: given.whole("plans", 1, PLANS_MAX) ?? PLANS_DEFAULT,
    seed: parseSeed(given.text("seed") ?? "1"),
    minutes: given.whole("minutes", 1, MINUTES_MAX),
    strategy: given.text("strategy") ?? STRATEGY_DEFAULT,
    db: given.text("db") ?? "auto",
    json: given.has("json"),
    out: given.text("out") ?? ".",
    help: given.has("help"),
  };
}

export const HELP = [
  "Runs small sales on real processes under random fault plans; every one must pass.",
  "",
  "  npm run soak -- --plans 100",
  "  npm run soak -- --plans 1 --seed 17        the one plan of that seed again",
  "",
  ...flagsText(FLAGS),
  "",
  `Exit codes: ${EXIT.passed} all passed, ${EXIT.violated} an invariant broke, ${EXIT.usage} usage, ` +
    `${EXIT.environment} something is missing, ${EXIT.noProgress} no progress,`,
  `${EXIT.internal} a defect of the harness, ${EXIT.interrupted} interrupted.`,
].join("\n");
