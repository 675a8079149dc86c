/** The text of `--help`: examples first. */
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { flagsText } from "../../sim/cli/read-flags.ts";
import { exitMeanings, exitText } from "../../sim/cli/text/exit-codes.ts";
import type { ExitMeanings } from "../../sim/cli/text/exit-codes.ts";
import { columns } from "../../sim/cli/text/layout.ts";
import { scenarioNames } from "../../sim/scenario/load.ts";
import { ABSENT, FLAGS } from "./options.ts";

const EXAMPLES: readonly (readonly [string, string])[] = [
  ["--scenario demo", "four servers on ports 3001 to 3004 behind nginx, 1:2:3:4"],
  ["--scenario smoke --seed 7 --faults plan.json", "a fault plan on real processes"],
  ["--scenario smoke --seed 7 --faults plan.json --compare", "… and in the simulator"],
  ["--strategy article --set servers.buffer=10001", "watch the published demo oversell"],
  ["--db pglite", "without a PostgreSQL server"],
  ["--ab", "the article's measurement, with the real ab"],
  ["--server-only --port 3005", "one ticket server, as one would deploy it"],
];

/** Where an exit code has other reasons than that of sim/run.ts. */
const EXIT_DIFFERENCES: ExitMeanings = [
  [EXIT.passed, "--server-only gives it too when a signal ends it: it serves until then"],
  [
    EXIT.violated,
    "also if nginx did not split requests by weight, or a process ended itself by an error",
  ],
  [EXIT.violated, "with --ab: an answer was lost, or was not 2xx"],
  [EXIT.usage, "also for faults that only the simulator has, as those of LVS and OSPF"],
  [
    EXIT.environment,
    "also if nginx, Redis, PostgreSQL or a server does not start, or no port is free",
  ],
  [EXIT.internal, "a defect of the harness; there it is one of the simulator"],
  [EXIT.interrupted, "after SIGTERM and SIGHUP too, there only after Ctrl-C"],
];

export function helpText(): string {
  return [
    "Sells tickets to a crowd on real processes (nginx, ticket servers, Redis, PostgreSQL) while",
    "faults happen to them, and checks that every ticket is sold exactly once.",
    "",
    "Examples:",
    ...EXAMPLES.flatMap(([args, what]) => [`  npx tsx harness/run.ts ${args}`, `      ${what}`]),
    "",
    "Flags:",
    ...flagsText(FLAGS),
    "",
    "Flags and values of sim/run.ts that make no sense here:",
    ...columns(Object.entries(ABSENT).map(([name, why]) => [`--${name}`, why])),
    "",
    `Built-in scenarios: ${scenarioNames().join(", ")}`,
    "",
    "Exit codes:",
    ...exitText(exitMeanings("harness")),
    "",
    "How they differ from those of sim/run.ts:",
    ...exitText(EXIT_DIFFERENCES),
    "With --compare, a run that passed here has the exit code of the one in the simulator.",
    "",
    "Results go to stdout; progress and messages to stderr.",
  ].join("\n");
}
