/** The flags of `npm run calibrate`. */
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { flagsText, readFlags } from "../../sim/cli/read-flags.ts";
import type { FlagTable } from "../../sim/cli/read-flags.ts";
import { parseSeed } from "../../sim/cli/seed.ts";

export const FILE_DEFAULT = "reports/calibration.json";
const SPIN_US_DEFAULT = 5000;
/** Longer ones let requests wait for longer under overload than a server waits for a request. */
const SPIN_US_MAX = 20_000;

const FLAGS = {
  out: { value: "FILE", help: `where the result goes (default ${FILE_DEFAULT})` },
  seed: { value: "N", help: "seed of the arrivals and of the order (default 1)" },
  "spin-us": {
    value: "N",
    help: `microseconds of work added to each request (default ${SPIN_US_DEFAULT}; 0: none)`,
  },
  quick: { help: "few requests at few loads: rough; written only if --out says where" },
  replace: { help: "let an INVALID result replace a VALID file too" },
  json: { help: "print one JSON object, the content of the file, on stdout" },
  help: { short: "h", help: "print this help" },
} as const satisfies FlagTable;

export interface CalibrateOptions {
  /** null: nowhere. */
  readonly out: string | null;
  readonly seed: bigint;
  readonly spinUs: number;
  readonly quick: boolean;
  /** An invalid result may replace a valid file. */
  readonly replace: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws UsageError that names the flag and says what would be right. */
export function parseCalibrateFlags(argv: readonly string[]): CalibrateOptions {
  const given = readFlags(argv, FLAGS);
  const quick = given.has("quick");
  return {
    out: given.text("out") ?? (quick ? null : FILE_DEFAULT),
    seed: parseSeed(given.text("seed") ?? "1"),
    spinUs: given.whole("spin-us", 0, SPIN_US_MAX) ?? SPIN_US_DEFAULT,
    quick,
    replace: given.has("replace"),
    json: given.has("json"),
    help: given.has("help"),
  };
}

export const HELP = [
  "Tells how far the simulator's predictions are from a real stack on this machine.",
  "",
  "  npx tsx harness/calibrate.ts               some seven minutes; writes reports/calibration.json",
  "  npx tsx harness/calibrate.ts --quick       half a minute: rough, and writes nothing",
  "",
  "1. Starts nginx, one ticket server and Redis, and judges whether the host is quiet enough.",
  "2. Measures the service times at 10 % load, and freezes them as a fragment of a scenario.",
  "3. Lets the simulator predict 30, 50, 70, 80 and 90 % load and the saturation, and prints that.",
  "4. Measures those loads, five times each in random order, with the same arrivals.",
  "5. Compares. Allowed: mean and p50 15 %, p99 25 %, throughput 5 %, utilisation and saturation 10 %.",
  "",
  "A small shared host drowns real service times (10 to 100 us) in its own noise, so each request",
  "occupies the ticket server for --spin-us more; the result says so. On a host that is too noisy",
  "even for that the result is INVALID HOST, with the reason and without any error figure: end what",
  "else runs there, or choose a longer spin. An INVALID result never replaces a VALID file, unless",
  "--replace is given. The report carries the result: npm run report.",
  "",
  "The requests are buyers of a sold-out sale, who are refused at once, as 99 of 100 buyers are. What",
  "a reservation costs Redis is measured and frozen too, but no prediction is made of it.",
  "",
  ...flagsText(FLAGS),
  "",
  `Exit codes: ${EXIT.passed} every prediction within its band, ${EXIT.violated} some outside, ` +
    `${EXIT.usage} usage,`,
  `${EXIT.environment} INVALID HOST or something is missing, ${EXIT.internal} a defect of the ` +
    `harness, ${EXIT.interrupted} interrupted (writes nothing).`,
].join("\n");
