/** `npm run props`: the properties against one strategy, and how often they reach which state. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Strategy } from "../../core/strategy.ts";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { reasonOf } from "../../sim/cli/input-file.ts";
import { loadStrategy, STRATEGY_DEFAULT } from "../../sim/cli/strategy.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { readCases, recordCase, writeCases } from "./case.ts";
import { check } from "./check.ts";
import type { Checked, CheckOptions, Failure } from "./check.ts";
import { HELP, named, parsePropsFlags } from "./flags.ts";
import type { PropsOptions } from "./flags.ts";
import { checkedText, failureLine, failureText, replayCommand, sightingsText } from "./report.ts";
import { STATE_NAMES, Sightings } from "./states.ts";

/** @returns The exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  // `| head` closes the pipe early, which is no error.
  process.stdout.on("error", () => process.exit());
  try {
    const options = parsePropsFlags(argv);
    if (options !== null) return await props(options);
    process.stdout.write(HELP);
    return EXIT.passed;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof EnvironmentError)) throw error;
    process.stderr.write(`props: ${error.message}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.environment;
  }
}

async function props(options: PropsOptions): Promise<number> {
  const strategy = await loadStrategy(options.strategy);
  const seen = new Sightings();
  const checked: Checked[] = [];
  const skipped: string[] = [];
  const say = (text: string): void => void (options.json || process.stdout.write(`${text}\n`));
  for (const { property, ...job } of jobsOf(options, seen)) {
    if (!property.appliesTo(strategy)) {
      skipped.push(property.name);
      say(`no case  ${property.name}: its stock is not counted by a counter`);
      continue;
    }
    const result = check(property, strategy, job);
    checked.push(result);
    say(checkedText(result));
  }
  const failures = checked.flatMap(({ failures }) => failures);
  const chosen = options.strategy === STRATEGY_DEFAULT ? null : options.strategy;
  const files = failures.map((failure) => savedAs(failure, options));
  // The first case of each in full, then a line for those that show the same.
  const isFirst = failures.map(
    (failure, i) => i === failures.findIndex((other) => other.case.broken === failure.case.broken),
  );
  failures.forEach((failure, i) => {
    if (isFirst[i]) say(`\n${failureText(failure, chosen, files[i])}`);
  });
  if (isFirst.includes(false)) say("");
  failures.forEach((failure, i) => {
    if (!isFirst[i]) say(failureLine(failure, chosen, files[i]));
  });
  const missing = isDemanded(options, strategy) ? seen.missing() : [];
  if (options.json) {
    const commands = failures.map((failure, i) => replayCommand(failure, chosen, files[i]));
    process.stdout.write(
      `${toJson({ options, strategy, checked, skipped, commands, files, seen })}\n`,
    );
  } else {
    if (!isOneCase(options)) say(`\nStates reached\n${sightingsText(seen)}`);
    say(`\n${verdict(failures, missing)}`);
  }
  return failures.length + missing.length > 0 ? EXIT.violated : EXIT.passed;
}

interface Job extends CheckOptions {
  readonly property: ReturnType<typeof named>;
}

function jobsOf(options: PropsOptions, seen: Sightings): Job[] {
  const { seed, path, runs, repro } = options;
  if (repro === null) {
    const found = readCases(options.found);
    return options.properties.map((property) => {
      const cases = path === null ? (runs ?? property.cases) : 1;
      return { property, seed, cases, path, found, failuresMax: Infinity, seen };
    });
  }
  return readCases(repro).map((found) => {
    const property = named(found.property, `${repro}: property`);
    return { property, seed, cases: 0, path: null, found: [found], failuresMax: Infinity, seen };
  });
}

/** The file that keeps the case. */
function savedAs({ case: found }: Failure, options: PropsOptions): string {
  if (options.repro !== null) return options.repro;
  const file = join(options.out, `repro-${found.property}-${found.broken}.json`);
  try {
    mkdirSync(options.out, { recursive: true });
    writeCases(file, [found]);
    if (options.record) recordCase(options.found, found);
  } catch (error) {
    throw new EnvironmentError(`${file}: ${reasonOf(error)}`);
  }
  return file;
}

/** Another strategy may have no use for a state; and a few cases cannot reach them all. */
function isDemanded(options: PropsOptions, strategy: Strategy): boolean {
  const { properties, isPart, runs } = options;
  const areAll = !isPart && !isOneCase(options);
  const isEnough = runs === null || properties.every(({ cases }) => runs >= cases);
  return strategy.name === STRATEGY_DEFAULT && areAll && isEnough;
}

function isOneCase({ path, repro }: PropsOptions): boolean {
  return path !== null || repro !== null;
}

function verdict(failures: readonly Failure[], missing: readonly string[]): string {
  const broken = new Set(failures.map((failure) => failure.case.broken));
  if (broken.size > 0) return `BROKEN: ${[...broken].join(", ")}`;
  if (missing.length > 0) return `NEVER REACHED: ${missing.join(", ")}`;
  return "PASSED";
}

interface Ended {
  readonly options: PropsOptions;
  readonly strategy: Strategy;
  readonly checked: readonly Checked[];
  readonly skipped: readonly string[];
  /** Of each failure. */
  readonly commands: readonly string[];
  readonly files: readonly string[];
  readonly seen: Sightings;
}

function toJson({ options, strategy, checked, skipped, commands, files, seen }: Ended): string {
  const failures = checked.flatMap(({ failures }) => failures);
  return JSON.stringify({
    schemaVersion: 1,
    strategy: strategy.name,
    seed: options.seed.toString(),
    broken: [...new Set(failures.map((failure) => failure.case.broken))],
    properties: checked.map(({ property, promise, casesPlayed, failures }) => ({
      property,
      promise,
      casesPlayed,
      holds: failures.length === 0,
    })),
    skipped,
    failures: failures.map(({ case: found, story, shrinks, isFound }, i) => ({
      ...found,
      story,
      shrinks,
      isFound,
      reproFile: files[i],
      replay: commands[i],
    })),
    states: seen,
    neverReached: STATE_NAMES.filter((name) => seen.count(name) === 0),
  });
}
