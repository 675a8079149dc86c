/** A process of the sweep's pool: is sent a seed, runs it, sends its outcome back. */
import { loadStrategy } from "../cli/strategy.ts";
import { drawRun, outcomeOf, outcomeOfError, runToEnd } from "./run-seed.ts";
import type { SweepTarget } from "./run-seed.ts";

const target = JSON.parse(process.argv[2]) as SweepTarget;
const strategy = await loadStrategy(target.strategy);

// Ctrl-C goes to the whole process group; the parent decides what becomes of the workers.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());
process.on("message", (seed: string) => process.send!(run(seed)));
process.send!("ready");

function run(seed: string): ReturnType<typeof outcomeOf> {
  try {
    return outcomeOf(runToEnd(drawRun(target, BigInt(seed)), strategy));
  } catch (error) {
    return outcomeOfError(seed, (error as Error).stack ?? String(error));
  }
}
