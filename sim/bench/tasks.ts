/** What a process of the benchmark's measures, and what it reports. */
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { rehearse } from "../cli/rehearsal.ts";
import { wallMs, yieldToEventLoop } from "../cli/wall-clock.ts";
import { drawPlan } from "../faults/draw.ts";
import type { RunConfig } from "../result.ts";
import { checkScenario, readScenarioSource } from "../scenario/load.ts";
import { runToEnd } from "../sweep/run-seed.ts";
import { coreSeconds } from "./core-time.ts";
import { profileOf } from "./cpu-profile.ts";
import { breakDown } from "./layer-shares.ts";
import type { Breakdown } from "./layer-shares.ts";
import { referenceLoop } from "./reference-loop.ts";

export interface Task {
  readonly what: "scenario" | "profiled scenario" | "reference loop";
  readonly buyers: number;
  /** Decimal. */
  readonly seed: string;
}

export interface Measurement {
  readonly wallSeconds: number;
  /** How long the simulating thread had a core; null where the system does not tell. */
  readonly coreSeconds: number | null;
  /** User and system time of all threads: the compiler and the garbage collector have their own. */
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  /** Of the scenario; empty for the loop. */
  readonly traceHash: string;
  /** Of the profiled scenario. */
  readonly breakdown: Breakdown | null;
}

export const SCENARIO = "12306";
const KB_PER_MB = 1024;

/** Runs the task in this process, which must have done nothing else: the peak is the process's. */
export async function perform({ what, buyers, seed }: Task): Promise<Measurement> {
  const cpuBefore = process.cpuUsage();
  const coreBefore = coreSeconds();
  const startMs = wallMs();
  let traceHash = "";
  let breakdown: Breakdown | null = null;
  switch (what) {
    case "scenario":
    case "profiled scenario": {
      const config = configOf(buyers, BigInt(seed));
      // As the command does it: what it gains and what it costs belong to the run.
      await rehearse(config, preDeduct, yieldToEventLoop);
      const run = (): string => (traceHash = runToEnd(config, preDeduct).traceHash);
      if (what === "scenario") run();
      else breakdown = breakDown(profileOf(run));
      break;
    }
    case "reference loop":
      referenceLoop(buyers);
      break;
  }
  const wallSeconds = (wallMs() - startMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const coreAfter = coreSeconds();
  return {
    wallSeconds,
    coreSeconds: coreBefore === null || coreAfter === null ? null : coreAfter - coreBefore,
    cpuSeconds: (user + system) / 1e6,
    peakRssMb: process.resourceUsage().maxRSS / KB_PER_MB,
    traceHash,
    breakdown,
  };
}

function configOf(buyers: number, seed: bigint): RunConfig {
  const { value, where } = readScenarioSource(SCENARIO, seed);
  const builtIn = checkScenario(value, where);
  const scenario = { ...builtIn, buyers: { ...builtIn.buyers, count: buyers } };
  return { seed, scenario, strategy: preDeduct.name, plan: drawPlan(scenario, seed) };
}
