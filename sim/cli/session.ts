/** One run, as the person sees it: configuration, progress, what happened, verdict, how to replay. */
import { topologyPicture } from "../picture/topology-picture.ts";
import type { SimulationResult } from "../result.ts";
import { buildTopology } from "../world/topology.ts";
import { runOnce, runTwice } from "./execute.ts";
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import { firstBroken, saveRepro, shrinkFailure } from "./failure.ts";
import type { Failure } from "./failure.ts";
import type { Options } from "./flags.ts";
import { Interrupt } from "./interrupt.ts";
import { OutDirectory } from "./out-directory.ts";
import type { Output } from "./output.ts";
import { printedConfig } from "./printed-config.ts";
import { ProgressBar } from "./progress-bar.ts";
import { command } from "./replay.ts";
import type { ResolvedRun } from "./resolve.ts";
import { configurationText } from "./text/configuration.ts";
import { failureText, reproductionText } from "./text/failure.ts";
import { faultPlanText } from "./text/fault-plan.ts";
import { resultText } from "./text/result.ts";
import { openTrace } from "./trace/trace-file.ts";
import { wallMs } from "./wall-clock.ts";

/** Runs the simulation and reports on it. @returns the exit code. */
export async function runSession(
  options: Options,
  run: ResolvedRun,
  output: Output,
): Promise<number> {
  const { config, strategy, recorded } = run;
  const { paint } = output;
  const tell = (lines: readonly string[]): void => {
    output.keep(lines);
    if (!options.json) output.print(lines);
  };
  const directory = options.out === null ? null : new OutDirectory(options.out);
  const trace = options.trace === null ? null : openTrace(options.trace, config);
  const interrupt = new Interrupt();
  const progressBar = new ProgressBar(process.stderr);
  const stopListening = interrupt.listen();
  try {
    tell([...configurationText(config, paint), ""]);
    tell([...faultPlanText(config.plan, buildTopology(config.scenario), paint), ""]);
    const startMs = wallMs();
    const execution = { config, strategy, trace, interrupt, progressBar };
    const { result, traffic } = await (options.checkDeterminism
      ? runTwice(execution)
      : runOnce(execution));
    const wallSeconds = Math.round(wallMs() - startMs) / 1000;
    const traceMessage = trace?.finish(result) ?? null;
    if (traceMessage !== null) output.note(traceMessage);
    tell(resultText(config, result, paint));
    if (recorded !== null) tell(reproductionText(recorded, result, paint));

    // A repro file is small already, and a partial result shows nothing for certain.
    const failure =
      result.partial || recorded !== null
        ? null
        : await investigate(options, run, result, interrupt, progressBar);
    const reproFile = failure === null ? options.repro : pathOfRepro(config.seed, directory);
    if (failure !== null) {
      saveRepro(reproFile!, failure);
      tell(failureText(failure, reproFile!, run.replay, paint));
    }
    tell([
      paint("dim", `took ${wallSeconds} s; to replay it:`),
      failure === null ? run.replay : replayOf(failure, reproFile!),
    ]);

    const report = {
      ...result,
      // Cut short while it looked for a smaller failure, the report is not what it would have been.
      partial: result.partial || failure?.interrupted === true,
      wallSeconds,
      reproFile,
      replay: run.replay,
      config: printedConfig(config),
    };
    if (options.json) output.print([JSON.stringify(report)]);
    directory?.fill(report, report.config, output.transcript(), topologyPicture(config, traffic));
    return failure?.interrupted === true ? EXIT.interrupted : exitCodeOf(result);
  } finally {
    progressBar.clear();
    stopListening();
  }
}

async function investigate(
  { shrinkRuns }: Options,
  { config, strategy }: ResolvedRun,
  result: SimulationResult,
  interrupt: Interrupt,
  progressBar: ProgressBar,
): Promise<Failure | null> {
  const invariant = firstBroken(result);
  if (invariant === null) return null;
  const options = { runs: shrinkRuns, interrupt, progressBar };
  return shrinkFailure(config, strategy, result, invariant, options);
}

function pathOfRepro(seed: bigint, directory: OutDirectory | null): string {
  const file = `repro-${seed}.json`;
  return directory === null ? file : directory.pathOf(file);
}

function replayOf({ invariant }: Failure, reproFile: string): string {
  const check = invariant === "determinism" ? ["--check-determinism"] : [];
  return command(["--repro", reproFile, ...check]);
}
