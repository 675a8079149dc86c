/** What the command line has resolved to: everything that decides the run. */
import type { Strategy } from "../../core/strategy.ts";
import { resolveRun } from "../../sim/cli/resolve.ts";
import type { RunConfig } from "../../sim/result.ts";
import type { Options } from "./options.ts";
import { command, databaseArguments } from "./replay.ts";

export interface RunToPlay {
  readonly config: RunConfig;
  readonly strategy: Strategy;
  /** The command that runs the same again: the same draws, on machines that never do quite the same. */
  readonly replay: string;
}

/** @throws UsageError for anything that is wrong with the input. */
export async function resolveForReal(options: Options): Promise<RunToPlay> {
  const { simulator, db, port } = options;
  const { config: simulated, strategy } = await resolveRun(simulator);
  const config = withRealCrowd(simulated, simulator.settings);
  const args = [
    ...flag("seed", config.seed.toString()),
    ...flag("scenario", simulator.scenario),
    ...flag("strategy", simulator.strategy),
    ...flag("faults", simulator.faults),
    ...simulator.settings.flatMap((setting) => ["--set", setting]),
    ...(port === null ? [] : ["--port", String(port)]),
  ];
  return { config, strategy, replay: command("run.ts", args) + databaseArguments(db) };
}

/** The crowd that the scenario has for real runs, unless the command line asks for another. */
function withRealCrowd(config: RunConfig, settings: readonly string[]): RunConfig {
  const { scenario } = config;
  const { buyers } = scenario.harness;
  const isAsked = settings.some((setting) => /^buyers\.(count|ratePerSecond)=/u.test(setting));
  if (buyers === undefined || isAsked) return config;
  return { ...config, scenario: { ...scenario, buyers: { ...scenario.buyers, ...buyers } } };
}

function flag(name: string, value: string | null): string[] {
  return value === null ? [] : [`--${name}`, value];
}
