/** What a run of the properties found, as text: a line for each, then what broke and how to see it. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { quote } from "../../sim/cli/replay.ts";
import type { Checked, Failure } from "./check.ts";
import { STATE_NAMES, STATES } from "./states.ts";
import type { Sightings } from "./states.ts";

const launcher = fileURLToPath(new URL("../run.ts", import.meta.url));

/** `npx tsx props/run.ts …`, from wherever the command was started. */
export function commandOf(args: readonly string[]): string {
  const path = relative(process.cwd(), launcher).replaceAll("\\", "/");
  return ["npx", "tsx", path, ...args].map(quote).join(" ");
}

/**
 * The one command that plays the case again: from its repro file, or, if there is none, from its
 * seed and path. `strategy`: as the command line named it; null for the default.
 */
export function replayCommand(
  { case: { property, seed, path }, isFound }: Failure,
  strategy: string | null,
  reproFile: string | null,
): string {
  const chosen = strategy === null ? [] : ["--strategy", strategy];
  if (reproFile !== null) return commandOf([...chosen, "--repro", reproFile]);
  if (isFound) return commandOf([...chosen, "--only", property, "--runs", "0"]);
  return commandOf([...chosen, "--only", property, "--seed", seed, "--path", path]);
}

/** What broke, where it came from, and, as the last line, the command that shows it. */
export function failureText(
  failure: Failure,
  strategy: string | null,
  reproFile: string | null,
): string {
  const { case: found, story, shrinks, isFound } = failure;
  const { property, broken, seed, fastCheckSeed, path } = found;
  const origin = isFound ? "kept in a file" : `shrunk ${shrinks} times`;
  return [
    `${property}: ${found.strategy} breaks ${broken}`,
    `  ${story}`,
    `  seed ${seed} (fast-check ${fastCheckSeed}), path ${path}, ${origin}` +
      (reproFile === null ? "" : `; saved as ${reproFile}`),
    `  ${replayCommand(failure, strategy, reproFile)}`,
  ].join("\n");
}

/** What another property has shown already, in one line. */
export function failureLine(
  failure: Failure,
  strategy: string | null,
  reproFile: string | null,
): string {
  const { property, broken } = failure.case;
  return `${property}: breaks ${broken} too: ${replayCommand(failure, strategy, reproFile)}`;
}

export function checkedText({ property, promise, casesPlayed, failures }: Checked): string {
  const verdict = failures.length === 0 ? "holds " : "BROKEN";
  return `${verdict}  ${property.padEnd(14)} ${String(casesPlayed).padStart(6)} cases  ${promise}`;
}

/** How often each state was reached, and the names of those that never were. */
export function sightingsText(seen: Sightings): string {
  const reached = STATE_NAMES.filter((name) => seen.count(name) > 0);
  const lines = reached.map(
    (name) => `${String(seen.count(name)).padStart(8)}  ${name.padEnd(34)}  ${STATES[name]}`,
  );
  const missing = seen.missing();
  if (missing.length > 0) lines.push(`   never  ${missing.join(", ")}`);
  return lines.join("\n");
}
