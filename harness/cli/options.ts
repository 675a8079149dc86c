/** The flags of `npx tsx harness/run.ts`. */
import { SHRINK_RUNS_DEFAULT } from "../../sim/cli/flags.ts";
import type { Options as SimulatorOptions } from "../../sim/cli/flags.ts";
import { readFlags } from "../../sim/cli/read-flags.ts";
import type { FlagTable, GivenFlags } from "../../sim/cli/read-flags.ts";
import { parseSeed } from "../../sim/cli/seed.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { withoutPassword } from "../orders/without-password.ts";
import type { StatLogForm } from "../ticket-server/stat-log.ts";

export const SCENARIO_DEFAULT = "demo";
export const PORT_DEFAULT = 3001;
/** The port of the article's single server. */
export const ALONE_PORT_DEFAULT = 3005;

export const FLAGS = {
  seed: { value: "N", help: "64-bit seed: decimal, 0x hex, or a 40-digit commit hash; else drawn" },
  scenario: {
    value: "NAME|FILE",
    help: `built-in scenario, or a JSON file, or - (default ${SCENARIO_DEFAULT})`,
  },
  strategy: {
    value: "NAME|FILE",
    help: "pre-deduct (default), order-first, pay-first, article, or ./a-module.ts",
  },
  faults: { value: "WHICH", help: "scenario (default), none, or a JSON file with a plan" },
  set: { value: "PATH=VALUE", help: "change one field; may be repeated" },
  db: {
    value: "WHICH",
    help: "auto (default: DATABASE_URL, else PostgreSQL, else PGlite), postgres, pglite, or a URL",
  },
  port: {
    value: "N",
    help: `first port of the ticket servers (default ${PORT_DEFAULT}; taken ones are skipped)`,
  },
  compare: { help: "run the same in the simulator too, and print both side by side" },
  ab: { help: "instead of the sale, measure with ab: through nginx, and one server alone" },
  "server-only": { help: "one ticket server and what it needs, until Ctrl-C" },
  redis: { value: "HOST:PORT", help: "with --server-only: the Redis to use, instead of its own" },
  production: { help: "with --server-only: demand that Redis keeps what it acknowledges" },
  "stat-log": {
    value: "FORM",
    help: "write the article's stat.log: handle (by port) or result (in --out, or here)",
  },
  json: { help: "print one JSON object, and nothing else, on stdout" },
  out: { value: "DIR", help: "keep history.jsonl, plan.json, nginx.conf, logs, … in DIR" },
  "print-config": { help: "print what would run, as JSON for --scenario, and stop" },
  help: { short: "h", help: "print this help" },
  version: { help: "print the version" },
} as const satisfies FlagTable;

/** What the simulator takes and has no meaning in real time, with the reason. */
export const ABSENT = {
  "check-determinism": "real machines never run twice the same; sim/run.ts can check that",
  trace: "a real run has no trace of events; its history is in --out DIR, as history.jsonl",
  repro: "a repro file replays a simulated run to the bit: sim/run.ts --repro FILE",
  "no-shrink": "nothing is shrunk here, because a real run cannot be repeated exactly",
  "shrink-runs": "nothing is shrunk here, because a real run cannot be repeated exactly",
  "print-schema": "the schemas are the simulator's: sim/run.ts --print-schema WHICH",
  "faults swarm": "draws faults that only the simulator has; npm run soak draws real ones",
} as const;

export interface Options {
  /** What both commands understand. */
  readonly simulator: SimulatorOptions;
  readonly db: string;
  /** null: not given. */
  readonly port: number | null;
  readonly compare: boolean;
  readonly ab: boolean;
  readonly serverOnly: boolean;
  readonly redis: { readonly host: string; readonly port: number } | null;
  readonly production: boolean;
  readonly statLog: StatLogForm | null;
  readonly json: boolean;
  readonly out: string | null;
  readonly printConfig: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

/** @throws UsageError that names the argument and says what would be right. */
export function parseOptions(argv: readonly string[]): Options {
  const given = readFlags(argv, FLAGS, { absent: ABSENT });
  const options: Options = {
    simulator: simulatorOptions(given),
    db: checkDatabase(given.text("db") ?? "auto"),
    port: given.whole("port", 1, 65_535),
    compare: given.has("compare"),
    ab: given.has("ab"),
    serverOnly: given.has("server-only"),
    redis: readAddress(given.text("redis")),
    production: given.has("production"),
    statLog: readForm(given.text("stat-log")),
    json: given.has("json"),
    out: given.text("out"),
    printConfig: given.has("print-config"),
    help: given.has("help"),
    version: given.has("version"),
  };
  checkTogether(options);
  return options;
}

function simulatorOptions(given: GivenFlags<keyof typeof FLAGS>): SimulatorOptions {
  const seed = given.text("seed");
  const faults = given.text("faults");
  if (faults === "swarm")
    throw new UsageError(
      `--faults swarm: ${ABSENT["faults swarm"]} (here: scenario, none, or a file)`,
    );
  return {
    seed: seed === null ? null : parseSeed(seed),
    scenario: given.text("scenario") ?? SCENARIO_DEFAULT,
    strategy: given.text("strategy"),
    faults,
    settings: given.all("set"),
    json: given.has("json"),
    trace: null,
    out: given.text("out"),
    printConfig: given.has("print-config"),
    printSchema: null,
    repro: null,
    checkDeterminism: false,
    shrinkRuns: SHRINK_RUNS_DEFAULT,
    help: given.has("help"),
    version: given.has("version"),
  };
}

const DATABASES = ["auto", "postgres", "pglite"];

function checkDatabase(text: string): string {
  if (DATABASES.includes(text) || /^postgres(?:ql)?:\/\//u.test(text)) return text;
  throw new UsageError(
    `--db: expected ${DATABASES.join(", ")} or postgres://…, ` +
      `got ${JSON.stringify(withoutPassword(text))}`,
  );
}

function readAddress(text: string | null): Options["redis"] {
  if (text === null) return null;
  const [, host, port] = /^(?:redis:\/\/)?([\w.-]+):(\d{1,5})\/?$/u.exec(text) ?? [];
  if (host === undefined || !(Number(port) >= 1 && Number(port) <= 65_535))
    throw new UsageError(
      `--redis: expected host:port, as 127.0.0.1:6379, got ${JSON.stringify(text)}`,
    );
  return { host, port: Number(port) };
}

function readForm(text: string | null): StatLogForm | null {
  if (text === null || text === "handle" || text === "result") return text;
  throw new UsageError(`--stat-log: expected handle or result, got ${JSON.stringify(text)}`);
}

function checkTogether({ ab, serverOnly, compare, redis, production }: Options): void {
  const modes = Object.entries({ ab, "server-only": serverOnly, compare });
  const chosen = modes.filter(([, isGiven]) => isGiven).map(([name]) => `--${name}`);
  if (chosen.length > 1)
    throw new UsageError(`${chosen.join(" and ")}: only one of them at a time`);
  if (redis !== null && !serverOnly)
    throw new UsageError(
      "--redis: only with --server-only: a run with faults needs a Redis of its own",
    );
  if (production && !serverOnly) throw new UsageError("--production: only with --server-only");
}
