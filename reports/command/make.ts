/** Makes a report: loads the scenario, runs the experiments in processes, builds the document. */
import { applySettings } from "../../sim/cli/settings.ts";
import { quote } from "../../sim/cli/replay.ts";
import { parseOrExplain } from "../../sim/scenario/explain.ts";
import { checkScenario, readScenarioSource } from "../../sim/scenario/load.ts";
import { ScenarioSchema } from "../../sim/scenario/schema.ts";
import { readCalibration } from "../calibration.ts";
import { buildReport } from "../document/build.ts";
import { contextOf } from "../document/context.ts";
import type { Report } from "../document/schema.ts";
import type { Subject } from "../experiments/cell.ts";
import { effortOf } from "../experiments/effort.ts";
import { Lab } from "../experiments/lab.ts";
import { Pool } from "../experiments/pool.ts";
import { research } from "../experiments/research.ts";

export interface ReportRequest {
  readonly scenario: string;
  readonly settings: readonly string[];
  readonly seed: bigint;
  readonly quick: boolean;
  readonly runsMax: number | null;
  readonly calibration: string | null;
  readonly jobs: number;
}

export interface Observer {
  experiment(name: string): void;
  sale(): void;
}

/** @throws UsageError if the scenario, a setting or the calibration is wrong. */
export function loadSubject({ scenario, settings }: ReportRequest): Subject {
  const { value, where } = readScenarioSource(scenario, 0n);
  const written = parseOrExplain(ScenarioSchema, value, where);
  return {
    name: scenario,
    settings,
    scenario: checkScenario(
      applySettings(written, settings),
      settings.length > 0 ? "--set" : where,
    ),
  };
}

/** @throws PoolStopped if the signal aborts. */
export async function makeReport(
  request: ReportRequest,
  observer: Observer,
  signal: AbortSignal,
): Promise<Report> {
  const subject = loadSubject(request);
  const calibration = readCalibration(request.calibration);
  const effort = effortOf(subject.scenario, request.quick, request.runsMax);
  const pool = new Pool(subject.scenario, request.jobs);
  const stop = (): void => pool.stop();
  signal.addEventListener("abort", stop);
  try {
    const lab = new Lab(subject, effort, request.seed, pool, () => observer.sale());
    const findings = await research(lab, (name) => observer.experiment(name));
    return buildReport(
      contextOf({
        subject,
        effort,
        findings,
        calibration,
        command: commandOf(request),
        seed: request.seed.toString(),
      }),
    );
  } finally {
    signal.removeEventListener("abort", stop);
    pool.stop();
  }
}

/** What makes the same report again, from the root of the project. */
function commandOf({
  scenario,
  settings,
  seed,
  quick,
  runsMax,
  calibration,
}: ReportRequest): string {
  const words = [
    "--scenario",
    scenario,
    ...settings.flatMap((setting) => ["--set", setting]),
    "--seed",
    seed.toString(),
    ...(quick ? ["--quick"] : []),
    ...(runsMax === null ? [] : ["--max-runs", String(runsMax)]),
    "--calibration",
    calibration ?? "none",
    "--out",
    "DIR",
  ];
  return ["npx tsx reports/capacity.ts", ...words.map(quote)].join(" ");
}
