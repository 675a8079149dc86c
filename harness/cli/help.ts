/** The text of `--help`: examples first. */
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { flagsText } from "../../sim/cli/read-flags.ts";
import { scenarioNames } from "../../sim/scenario/load.ts";
import { FLAGS } from "./options.ts";

const EXAMPLES: readonly (readonly [string, string])[] = [
  ["--scenario demo", "four servers on ports 3001 to 3004 behind nginx, 1:2:3:4"],
  ["--scenario smoke --seed 7 --faults plan.json", "a fault plan on real processes"],
  ["--scenario smoke --seed 7 --faults plan.json --compare", "… and in the simulator"],
  ["--strategy article --set servers.buffer=10001", "watch the published demo oversell"],
  ["--db pglite", "without a PostgreSQL server"],
  ["--ab", "the article's measurement, with the real ab"],
  ["--server-only --port 3005", "one ticket server, as one would deploy it"],
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
    `Built-in scenarios: ${scenarioNames().join(", ")}`,
    "",
    "Exit codes:",
    `  ${EXIT.passed}    passed`,
    `  ${EXIT.violated}    an invariant is broken`,
    `  ${EXIT.usage}    usage or configuration`,
    `  ${EXIT.environment}    something the command needs is missing`,
    `  ${EXIT.noProgress}    no progress: something was pending to the end`,
    `  ${EXIT.internal}   a defect of the harness itself`,
    `  ${EXIT.interrupted}  interrupted`,
    "",
    "Results go to stdout; progress and messages to stderr.",
  ].join("\n");
}
