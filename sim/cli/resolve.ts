/** From the command line to everything that decides the run. Explicit flags win. */
import { existsSync } from "node:fs";
import type { Strategy } from "../../core/strategy.ts";
import { drawPlan } from "../faults/draw.ts";
import { checkPlan } from "../faults/plan.ts";
import { onScenario } from "../faults/retarget.ts";
import { drawSwarm } from "../faults/swarm.ts";
import { NO_FAULTS } from "../faults/vocabulary.ts";
import type { FaultPlan } from "../faults/vocabulary.ts";
import { readRepro, runConfigOf } from "../repro.ts";
import type { Repro } from "../repro.ts";
import type { RunConfig } from "../result.ts";
import { parseOrExplain } from "../scenario/explain.ts";
import { checkScenario, readScenarioSource } from "../scenario/load.ts";
import { ScenarioSchema } from "../scenario/schema.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Options } from "./flags.ts";
import { parseJson, readText, textOfStandardInput } from "./input-file.ts";
import { nearest } from "./nearest.ts";
import { isPrintedConfig, parsePrintedConfig } from "./printed-config.ts";
import { command, commandWithInput } from "./replay.ts";
import { drawSeed } from "./seed.ts";
import { applySettings } from "./settings.ts";
import { UsageError } from "./usage-error.ts";
import { loadStrategy, STRATEGY_DEFAULT } from "./strategy.ts";

const SCENARIO_DEFAULT = "12306";

export interface ResolvedRun {
  readonly config: RunConfig;
  readonly strategy: Strategy;
  /** The command that repeats this run. */
  readonly replay: string;
  /** What the repro file says about it, if there is one. */
  readonly recorded: Repro | null;
}

/** @throws UsageError for anything that is wrong with the input. */
export async function resolveRun(options: Options): Promise<ResolvedRun> {
  return options.repro === null ? resolveScenario(options) : resolveRepro(options, options.repro);
}

async function resolveScenario(options: Options): Promise<ResolvedRun> {
  const seedDefault = options.seed ?? drawSeed();
  const source = readScenarioSource(options.scenario ?? SCENARIO_DEFAULT, seedDefault);
  const printed = isPrintedConfig(source.value)
    ? parsePrintedConfig(source.value, source.where)
    : null;
  const original = printed?.scenario ?? parseOrExplain(ScenarioSchema, source.value, source.where);
  const scenario = checkScenario(applySettings(original, options.settings), "");
  const seed = options.seed ?? printed?.seed ?? seedDefault;
  const strategy = options.strategy ?? printed?.strategy ?? STRATEGY_DEFAULT;
  // A printed plan stays as it was printed, under another seed too, unless --faults asks for one.
  const faults = options.faults ?? (printed === null ? "scenario" : null);
  const plan =
    faults === null
      ? printedPlan(printed!, scenario, options.settings.length > 0)
      : choosePlan(faults, scenario, seed);
  checkPlan(plan, scenario, faults !== null && isPlanFile(faults) ? faults : "fault plan");
  return {
    config: { seed, scenario, strategy, plan },
    strategy: await loadStrategy(strategy),
    replay: replayCommand(options, seed),
    recorded: null,
  };
}

/** Where a setting has taken machines away, the printed faults hit others of their kind. */
function printedPlan(printed: RunConfig, scenario: Scenario, isChanged: boolean): FaultPlan {
  return isChanged ? onScenario(printed, scenario).plan : printed.plan;
}

async function resolveRepro(options: Options, file: string): Promise<ResolvedRun> {
  const recorded = readRepro(file);
  const strategy = options.strategy ?? recorded.strategy;
  return {
    config: { ...runConfigOf(recorded), strategy },
    strategy: await loadStrategy(strategy),
    replay: commandAsGiven(["--repro", file, ...flag("strategy", options.strategy)]),
    recorded,
  };
}

const PLAN_WORDS = ["scenario", "none", "swarm"];

function isPlanFile(which: string): boolean {
  return !PLAN_WORDS.includes(which);
}

function choosePlan(which: string, scenario: Scenario, seed: bigint): FaultPlan {
  switch (which) {
    case "scenario":
      return drawPlan(scenario, seed);
    case "none":
      return NO_FAULTS;
    case "swarm":
      return drawSwarm(scenario, seed);
    default:
      return parseJson(readPlan(which), which) as FaultPlan;
  }
}

/** A plan's file; a name that is nearly a word is taken for the word misspelt. */
function readPlan(which: string): string {
  const meant = nearest(which, PLAN_WORDS);
  if (meant !== undefined && !existsSync(which))
    throw new UsageError(`--faults ${which}: no such file; did you mean ${meant}?`);
  return readText(which);
}

function replayCommand(options: Options, seed: bigint): string {
  return commandAsGiven([
    ...flag("seed", seed.toString()),
    ...flag("scenario", options.scenario ?? SCENARIO_DEFAULT),
    ...flag("strategy", options.strategy),
    ...flag("faults", options.faults),
    ...options.settings.flatMap((setting) => ["--set", setting]),
  ]);
}

/** Standard input is gone by the time of a replay, so the command brings it along. */
function commandAsGiven(args: readonly string[]): string {
  const input = textOfStandardInput();
  return input === null ? command(args) : commandWithInput(JSON.stringify(JSON.parse(input)), args);
}

function flag(name: string, value: string | null): string[] {
  return value === null ? [] : [`--${name}`, value];
}
