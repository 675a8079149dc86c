/** The benchmark's report: data for `--json`, and tables for people. */
import { availableParallelism } from "node:os";
import { grouped, percent, plural } from "../cli/text/format.ts";
import { table } from "../cli/text/layout.ts";
import type { HoldRates } from "./hold-model.ts";
import type { Breakdown } from "./layer-shares.ts";
import type { MemoryPoint, ScenarioTiming, Timing } from "./measurements.ts";
import { SCENARIO } from "./tasks.ts";

export interface BenchReport {
  readonly schemaVersion: 1;
  readonly node: string;
  readonly cores: number;
  readonly seed: string;
  readonly hold: readonly HoldRates[];
  readonly scenario: ScenarioTiming;
  readonly breakdown: Breakdown;
  /** null without `--memory`. */
  readonly memory: readonly MemoryPoint[] | null;
}

/** A thread that had less than this of a core was waiting for others, or for other machines. */
const CORE_SHARE_QUIET = 0.9;

export function machine(): Pick<BenchReport, "node" | "cores"> {
  return { node: process.version, cores: availableParallelism() };
}

export function reportText(report: BenchReport): string {
  const { node, cores, memory } = report;
  return [
    `Node ${node}, ${plural(cores, "core")}`,
    "",
    ...holdText(report.hold),
    "",
    ...scenarioText(report),
    "",
    ...breakdownText(report),
    ...(memory === null ? [] : ["", ...memoryText(memory)]),
    "",
  ].join("\n");
}

function holdText(hold: readonly HoldRates[]): string[] {
  const rows = hold.map((rates) => [
    grouped(rates.pending),
    rates.kernelMillionsPerSecond.toFixed(2),
    rates.objectsMillionsPerSecond.toFixed(2),
    `${rates.ratio.toFixed(1)}x`,
  ]);
  return [
    "Event queue, hold model (million events a second)",
    ...table(["pending", "kernel", "heap of objects", "ratio"], rows, [0, 1, 2, 3]),
  ];
}

function scenarioText({ scenario: { scenario, reference, ratio, traceHash }, seed }: BenchReport) {
  const { wallSeconds, coreSeconds } = scenario;
  const waited = coreSeconds !== null && coreSeconds < CORE_SHARE_QUIET * wallSeconds;
  return [
    `Scenario ${SCENARIO}, seed ${seed}, its own faults: ${grouped(scenario.buyers)} buyers, ` +
      `median of ${plural(scenario.runs, "fresh process", "fresh processes")}`,
    ...table(
      ["", "wall s", "±", "core s", "CPU s", "buyers/s", "peak memory"],
      [timingRow("scenario", scenario), timingRow("plain loop", reference)],
      [1, 2, 3, 4, 5, 6],
    ),
    "  core s: what the simulating thread had of a core; CPU s: with compiler and garbage collector",
    `  ${ratio.toFixed(1)} times the plain loop, which makes a buyer's draws and events and models ` +
      "nothing",
    `  trace hash ${traceHash}`,
    ...(waited ? ["  The machine was busy: read the core seconds, not the wall seconds."] : []),
  ];
}

function timingRow(name: string, timing: Timing): string[] {
  return [
    name,
    timing.wallSeconds.toFixed(2),
    percent(Math.round(timing.spread * 100) / 100),
    timing.coreSeconds?.toFixed(2) ?? "-",
    timing.cpuSeconds.toFixed(2),
    grouped(Math.round(timing.buyersPerSecond)),
    `${Math.round(timing.peakRssMb)} MB`,
  ];
}

function breakdownText({ breakdown, scenario }: BenchReport): string[] {
  const { buyers } = scenario.scenario;
  const rows = breakdown.layers.map(({ layer, ms, share }) => [
    layer,
    percent(Math.round(share * 1000) / 1000),
    ((ms * 1000) / buyers).toFixed(2),
  ]);
  const spots = breakdown.hotSpots.map(({ name, share }) => [
    name,
    percent(Math.round(share * 1000) / 1000),
  ]);
  return [
    "Wall time by layer (sampled; self time of each layer's own code)",
    ...table(["layer", "share", "µs a buyer"], rows, [1, 2]),
    "",
    "Functions with the most self time",
    ...table(["function", "share"], spots, [1]),
  ];
}

function memoryText(memory: readonly MemoryPoint[]): string[] {
  const [first] = memory;
  const rows = memory.map(({ buyers, peakRssMb, wallSeconds }) => [
    grouped(buyers),
    `${Math.round(peakRssMb)} MB`,
    `${(peakRssMb / first.peakRssMb).toFixed(2)}x`,
    wallSeconds.toFixed(1),
  ]);
  return [
    "Peak memory of the simulating process",
    ...table(["buyers", "peak", "ratio", "wall s"], rows, [0, 1, 2, 3]),
  ];
}
