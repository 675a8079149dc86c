/** The text of `--help`: examples first. */
import { scenarioNames } from "../scenario/load.ts";
import { FLAGS } from "./flags.ts";
import { flagsText } from "./read-flags.ts";
import { exitMeanings, exitText } from "./text/exit-codes.ts";

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
    ...exitText(exitMeanings("simulator")),
    "",
    "Results go to stdout; progress and messages to stderr.",
  ].join("\n");
}
