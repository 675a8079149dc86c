/** What a process of the benchmark's measures, and what it reports. */
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { wallMs } from "../cli/wall-clock.ts";
import { drawPlan } from "../faults/draw.ts";
import { checkScenario, readScenarioSource } from "../scenario/load.ts";
import { Simulation } from "../simulation.ts";
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
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  /** Of the scenario; empty for the loop. */
  readonly traceHash: string;
  /** Of the profiled scenario. */
  readonly breakdown: Breakdown | null;
}

export const SCENARIO = "12306";
const KB_PER_MB = 1024;
const EVENTS_A_TIME = 1_000_000;

/** Runs the task in this process, which must have done nothing else: the peak is the process's. */
export function perform({ what, buyers, seed }: Task): Measurement {
  const cpuBefore = process.cpuUsage();
  const startMs = wallMs();
  let traceHash = "";
  let breakdown: Breakdown | null = null;
  switch (what) {
    case "scenario":
      traceHash = runScenario(buyers, seed);
      break;
    case "profiled scenario":
      breakdown = breakDown(profileOf(() => (traceHash = runScenario(buyers, seed))));
      break;
    case "reference loop":
      referenceLoop(buyers);
      break;
  }
  const wallSeconds = (wallMs() - startMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    wallSeconds,
    cpuSeconds: (user + system) / 1e6,
    peakRssMb: process.resourceUsage().maxRSS / KB_PER_MB,
    traceHash,
    breakdown,
  };
}

function runScenario(buyers: number, seedText: string): string {
  const seed = BigInt(seedText);
  const { value, where } = readScenarioSource(SCENARIO, seed);
  const builtIn = checkScenario(value, where);
  const scenario = { ...builtIn, buyers: { ...builtIn.buyers, count: buyers } };
  const plan = drawPlan(scenario, seed);
  const simulation = new Simulation({ seed, scenario, strategy: preDeduct.name, plan }, preDeduct);
  while (!simulation.advance(EVENTS_A_TIME));
  return simulation.result().traceHash;
}
