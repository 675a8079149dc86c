/** The text of `--help`: examples first. */
import { scenarioNames } from "../scenario/load.ts";
import { EXIT } from "./exit-codes.ts";
import { FLAGS } from "./flags.ts";
import { flagsText } from "./read-flags.ts";
import { columns } from "./text/layout.ts";

const EXAMPLES: readonly (readonly [string, string])[] = [
  ["--seed 12306", "a million buyers, ten thousand tickets, a hundred servers"],
  ["--seed 7 --scenario smoke", "the same in a second"],
  ["--seed 7 --strategy ./mine.ts", "your own strategy against it"],
  ["--scenario demo --set servers.count=4 --set buyers.count=5000", "change the scenario"],
  ["--scenario smoke --faults swarm", "faults of every kind, drawn from the seed"],
  ["--scenario smoke --strategy article", "watch the published demo oversell"],
  ["--seed 7 --trace trace.json", "look at it in https://ui.perfetto.dev"],
  ["--print-config --scenario smoke > run.json", "keep a run; --scenario run.json repeats it"],
];

const EXIT_MEANINGS: readonly (readonly [number, string])[] = [
  [EXIT.passed, "passed"],
  [EXIT.violated, "an invariant is broken"],
  [EXIT.usage, "usage or configuration"],
  [EXIT.environment, "something the command needs is missing"],
  [EXIT.noProgress, "no progress: something was pending to the end"],
  [EXIT.internal, "a defect of the simulator itself"],
  [EXIT.interrupted, "interrupted"],
];

export function helpText(): string {
  return [
    "Sells tickets to a crowd through a failing system, in simulated time, and checks that every",
    "ticket is sold exactly once. The same seed gives the same run, to the last bit.",
    "",
    "Examples:",
    ...EXAMPLES.flatMap(([args, what]) => [`  npx tsx sim/run.ts ${args}`, `      ${what}`]),
    "",
    "Flags:",
    ...flagsText(FLAGS),
    "",
    `Built-in scenarios: ${scenarioNames().join(", ")}`,
    "",
    "Exit codes:",
    ...columns(EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning])),
    "",
    "Results go to stdout; progress and messages to stderr.",
  ].join("\n");
}
