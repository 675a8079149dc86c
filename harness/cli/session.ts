/** One run, as the person sees it: what is planned, the split, what happened, verdict, replay. */
import { EXIT, exitCodeOf } from "../../sim/cli/exit-codes.ts";
import { Interrupt } from "../../sim/cli/interrupt.ts";
import type { Output } from "../../sim/cli/output.ts";
import { printedConfig } from "../../sim/cli/printed-config.ts";
import { ProgressBar } from "../../sim/cli/progress-bar.ts";
import { faultPlanText } from "../../sim/cli/text/fault-plan.ts";
import type { SimulationResult } from "../../sim/result.ts";
import { buildTopology } from "../../sim/world/topology.ts";
import { checkCanBeReal, playForReal } from "../session/play.ts";
import { RunFolder } from "../session/run-folder.ts";
import type { RealResult } from "../verdict/result.ts";
import { compareResults, comparisonText, simulate } from "./compare.ts";
import { listenForEnd } from "./end-signals.ts";
import { PORT_DEFAULT } from "./options.ts";
import type { Options } from "./options.ts";
import { statLogOf } from "./stat-log.ts";
import type { RunToPlay } from "./resolve.ts";
import { playedText, plannedText, splitText } from "./text.ts";

/** @returns the exit code. */
export async function runSession(
  options: Options,
  { config, strategy, replay }: RunToPlay,
  output: Output,
): Promise<number> {
  checkCanBeReal(config, strategy);
  const { paint } = output;
  const tell = (lines: readonly string[]): void => {
    output.keep(lines);
    if (!options.json) output.print(lines);
  };
  const folder = new RunFolder(options.out);
  const interrupt = new Interrupt();
  const stopListening = listenForEnd(interrupt);
  const progressBar = new ProgressBar(process.stderr);
  const startMs = performance.now();
  try {
    const topology = buildTopology(config.scenario);
    tell([...plannedText(config, paint), ""]);
    tell([...faultPlanText(config.plan, topology, paint), ""]);
    const { result, parts, split } = await playForReal({
      config,
      strategy,
      saleId: config.scenario.name,
      folder,
      db: options.db,
      port: options.port ?? PORT_DEFAULT,
      showsSplit: true,
      statLog: statLogOf(options),
      interrupt,
      note: (line) => {
        progressBar.clear();
        output.note(line);
      },
      onSplit: (measured) => tell([...splitText(measured, paint), ""]),
      onProgress: ({ runMs, ...progress }) =>
        progressBar.run(config.scenario, () => ({ ...progress, virtualMs: runMs })),
    });
    progressBar.clear();
    tell(playedText(config, result, parts, paint));
    const simulated = options.compare ? await simulate(config, strategy, interrupt) : null;
    const comparison = simulated === null ? null : compareResults(result, simulated);
    if (comparison !== null) tell(["", ...comparisonText(comparison, paint)]);
    const wallSeconds = Math.round(performance.now() - startMs) / 1000;
    tell([paint("dim", `took ${wallSeconds} s; the same again:`), replay]);

    const report = {
      ...result,
      // Of the simulator's report: what a run in real time cannot have.
      traceHash: null,
      reproFile: null,
      wallSeconds,
      parts,
      split,
      comparison,
      replay,
      config: printedConfig(config),
    };
    if (options.json) output.print([JSON.stringify(report)]);
    if (options.out !== null) {
      folder.write("result.json", `${JSON.stringify(report, null, 2)}\n`);
      folder.write("config.json", `${JSON.stringify(report.config, null, 2)}\n`);
      folder.write("summary.txt", output.transcript());
    }
    return exitCode(result, split?.ok ?? true, simulated);
  } finally {
    progressBar.clear();
    folder.remove();
    stopListening();
  }
}

/** The real run's; if that is in order, then a wrong split counts, or the other world's verdict. */
function exitCode(
  result: RealResult,
  splitOk: boolean,
  simulated: SimulationResult | null,
): number {
  const real = exitCodeOf(result);
  if (real !== EXIT.passed) return real;
  if (!splitOk) return EXIT.violated;
  return simulated === null ? EXIT.passed : exitCodeOf(simulated);
}
