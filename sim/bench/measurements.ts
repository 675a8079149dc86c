/** The measurements of one run of the benchmark. */
import { measure } from "./fresh-process.ts";
import { measureHold } from "./hold-model.ts";
import type { HoldRates } from "./hold-model.ts";
import type { Breakdown } from "./layer-shares.ts";
import { median, spread } from "./statistics.ts";
import type { Measurement } from "./tasks.ts";

/** Medians over fresh processes. */
export interface Timing {
  readonly buyers: number;
  readonly runs: number;
  readonly wallSeconds: number;
  /** Largest distance of a run from the median, as a share. */
  readonly spread: number;
  /** Of the simulating thread; null where the system does not tell. */
  readonly coreSeconds: number | null;
  readonly cpuSeconds: number;
  readonly buyersPerSecond: number;
  readonly peakRssMb: number;
}

export interface ScenarioTiming {
  readonly scenario: Timing;
  readonly reference: Timing;
  /** Wall time of the scenario over that of the loop, run after run. */
  readonly ratio: number;
  readonly traceHash: string;
}

export interface MemoryPoint {
  readonly buyers: number;
  readonly peakRssMb: number;
  readonly wallSeconds: number;
}

export type Say = (what: string) => void;

/** Sizes of the pending set; ten times as many holds as events, and enough to be measured. */
export function measureHolds(pendingSizes: readonly number[], rounds: number): HoldRates[] {
  return pendingSizes.map((pending) =>
    measureHold(pending, Math.max(500_000, Math.min(2_000_000, pending * 10)), rounds),
  );
}

/** The runs of scenario and loop alternate. @throws Error if two runs of one seed differ. */
export async function measureScenario(
  buyers: number,
  seed: string,
  runs: number,
  say: Say,
): Promise<ScenarioTiming> {
  const scenario: Measurement[] = [];
  const reference: Measurement[] = [];
  for (let run = 1; run <= runs; run += 1) {
    say(`scenario, run ${run} of ${runs}`);
    // oxlint-disable-next-line no-await-in-loop -- two at once would disturb each other
    scenario.push(await measure({ what: "scenario", buyers, seed }));
    // oxlint-disable-next-line no-await-in-loop -- two at once would disturb each other
    reference.push(await measure({ what: "reference loop", buyers, seed }));
  }
  const [{ traceHash }] = scenario;
  for (const { traceHash: other } of scenario)
    if (other !== traceHash) throw new Error(`two runs differ: ${traceHash} and ${other}`);
  return {
    scenario: timingOf(buyers, scenario),
    reference: timingOf(buyers, reference),
    ratio: median(scenario.map(({ wallSeconds }, i) => wallSeconds / reference[i].wallSeconds)),
    traceHash,
  };
}

export async function measureLayers(buyers: number, seed: string, say: Say): Promise<Breakdown> {
  say("scenario under the profiler");
  const { breakdown } = await measure({ what: "profiled scenario", buyers, seed });
  return breakdown!;
}

export async function measureMemory(
  buyerCounts: readonly number[],
  seed: string,
  say: Say,
): Promise<MemoryPoint[]> {
  const points: MemoryPoint[] = [];
  for (const buyers of buyerCounts) {
    say(`peak memory of ${buyers} buyers`);
    // oxlint-disable-next-line no-await-in-loop -- two at once would disturb each other
    const { peakRssMb, wallSeconds } = await measure({ what: "scenario", buyers, seed });
    points.push({ buyers, peakRssMb, wallSeconds });
  }
  return points;
}

function timingOf(buyers: number, measurements: readonly Measurement[]): Timing {
  const walls = measurements.map(({ wallSeconds }) => wallSeconds);
  const cores = measurements.flatMap(({ coreSeconds }) => coreSeconds ?? []);
  return {
    buyers,
    runs: measurements.length,
    wallSeconds: median(walls),
    spread: spread(walls),
    coreSeconds: cores.length === 0 ? null : median(cores),
    cpuSeconds: median(measurements.map(({ cpuSeconds }) => cpuSeconds)),
    buyersPerSecond: buyers / median(walls),
    peakRssMb: median(measurements.map(({ peakRssMb }) => peakRssMb)),
  };
}
