/** Finds a scenario by name or file, and checks it. */
import { nearest } from "../cli/nearest.ts";
import { nameOf, parseJson, readText } from "../cli/input-file.ts";
import { UsageError } from "../cli/usage-error.ts";
import { builtinNames, readBuiltin } from "./builtin.ts";
import { checkConsistency } from "./consistency.ts";
import { parseOrExplain } from "./explain.ts";
import { ScenarioSchema } from "./schema.ts";
import type { Scenario } from "./schema.ts";
import { drawSmallScenario } from "./small.ts";

/** Scenarios that the seed draws. */
const DRAWN: Readonly<Record<string, (seed: bigint) => Scenario>> = { small: drawSmallScenario };

/** What was found, before any check. */
export interface ScenarioSource {
  /** To name it in messages; empty for a built-in scenario. */
  readonly where: string;
  readonly value: unknown;
}

/** Every name that `--scenario` takes. */
export function scenarioNames(): string[] {
  return [...builtinNames(), ...Object.keys(DRAWN)];
}

/**
 * A built-in scenario, or a file (`-`: standard input).
 * @param seed For a scenario that is drawn.
 * @throws UsageError if there is neither, or if it is not JSON.
 */
export function readScenarioSource(nameOrFile: string, seed: bigint): ScenarioSource {
  if (Object.hasOwn(DRAWN, nameOrFile)) return { where: "", value: DRAWN[nameOrFile](seed) };
  const builtin = readBuiltin(nameOrFile);
  if (builtin !== undefined) return { where: "", value: parseJson(builtin, nameOrFile) };
  if (nameOrFile !== "-" && !/[./\\]/u.test(nameOrFile)) {
    const names = scenarioNames();
    const meant = nearest(nameOrFile, names);
    throw new UsageError(
      `--scenario: there is no scenario ${JSON.stringify(nameOrFile)}; ` +
        (meant === undefined ? "" : `did you mean ${meant}? `) +
        `built in: ${names.join(", ")}; or give the path of a JSON file`,
    );
  }
  const value = parseJson(readText(nameOrFile), nameOrFile);
  const source = { where: nameOf(nameOrFile), value };
  refuseOtherFiles(source);
  return source;
}

/** The other files that the command writes and reads, by a key that only they have. */
function refuseOtherFiles({ value, where }: ScenarioSource): void {
  if (typeof value !== "object" || value === null) return;
  if (Object.hasOwn(value, "episodes"))
    throw new UsageError(`${where}: this is a fault plan; give it with --faults`);
  if (Object.hasOwn(value, "invariant"))
    throw new UsageError(`${where}: this is a repro file; give it with --repro`);
}

/**
 * A scenario with every default filled in, all its parts fitting together.
 * @throws UsageError naming `where` and the first wrong path.
 */
export function checkScenario(value: unknown, where: string): Scenario {
  const scenario = parseOrExplain(ScenarioSchema, value, where);
  checkConsistency(scenario);
  return scenario;
}

/** A scenario by name or from a file, checked. */
export function loadScenario(nameOrFile: string, seed: bigint): Scenario {
  const { value, where } = readScenarioSource(nameOrFile, seed);
  return checkScenario(value, where);
}
