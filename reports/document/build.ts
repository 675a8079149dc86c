/** From findings to the report: a pure function, so that the same findings give the same bytes. */
import { createHash } from "node:crypto";
import { versionText } from "../../sim/cli/version.ts";
import { MEASURE_NAMES } from "../experiments/measures.ts";
import { answerOf } from "../experiments/full-size.ts";
import { estimateOf } from "../experiments/limits.ts";
import { answerSection, overallVerdict } from "./sections/answer.ts";
import type { Context } from "./context.ts";
import { rounded } from "./numbers.ts";
import { capacityPlot, queuesPlot, redisPlot, scalingPlot } from "./plots-load.ts";
import { latencyOverTimePlot, latencyPlot, sellOutPlot, sellOutTimePlot } from "./plots-sale.ts";
import { sensitivityPlot, strategiesPlot, wavesPlot } from "./plots-comparisons.ts";
import { bufferMapPlot, bufferTradePlot, sizingPlot, strandedPlot } from "./plots-sizing.ts";
import type { Report, ReportCell } from "./schema.ts";
import { appendix } from "./sections/appendix.ts";
import { assumptionsSection } from "./sections/assumptions.ts";
import { beliefSection } from "./sections/belief.ts";
import { capacitySection } from "./sections/capacity.ts";
import { changesSection } from "./sections/changes.ts";
import { sensitivitySection, strategiesSection, wavesSection } from "./sections/comparisons.ts";
import { failuresSection } from "./sections/failures.ts";
import { provenanceSection } from "./sections/provenance.ts";
import { redisSection } from "./sections/redis.ts";
import { demandSection, latencySection } from "./sections/sale.ts";

export function buildReport(context: Context): Report {
  const { findings, effort, scenario, calibration, seed, command } = context;
  const { answer, servers, buffers, fullSize, capacity } = findings;
  const cells = cellsOf(context);
  const provenance: Report["provenance"] = {
    version: versionText(),
    scenario: scenario.name,
    description: scenario.description,
    configurationHash: createHash("sha256")
      .update(JSON.stringify([scenario, seed, effort, calibration, versionText()]))
      .digest("hex")
      .slice(0, 16),
    seed,
    quick: effort.quick,
    sales: cells.reduce((sum, { runs }) => sum + runs.length, 0),
    seeds: answer.base.map((sale) => sale.seed),
    command,
    calibration: { status: calibration.status, text: calibration.text },
  };
  const report: Report = {
    schemaVersion: 1,
    kind: "capacity-report",
    provenance,
    verdict: overallVerdict(answer.requirements),
    requirements: answer.requirements.map(({ cell, ...requirement }) => ({
      ...requirement,
      worstSeeds: [...requirement.worstSeeds],
      command: context.replay(cell, requirement.worstSeeds[0]),
    })),
    sizing: {
      deaths: servers.deaths,
      servers: answerOf(servers, fullSize),
      serversInSweep: servers.threshold,
      serversUndisturbed: servers.undisturbed,
      bufferRefillOff: buffers.measured.off,
      bufferRefillOnDemand: buffers.measured["on-demand"],
      bufferBound: buffers.bound,
      bufferBoundFull: buffers.boundFull,
      redisPeakPerSecond: estimateOf("redisPeakPerSecond", answer.base),
      fullSize: fullSize.map((trial) => ({
        servers: trial.servers,
        buffer: trial.buffer,
        seeds: trial.sales.length,
        seedsPassed: trial.passed,
        redisPeakPerSecond: trial.redisPeakPerSecond,
        command: context.replay(trial.cell, trial.missedSeed ?? undefined),
      })),
      arrivalsKneePerSecond: capacity.kneePerSecond,
      arrivalsBeyondPerSecond: capacity.beyondPerSecond,
    },
    cells,
    sections: [
      provenanceSection(context, provenance),
      answerSection(context),
      assumptionsSection(context),
      beliefSection(context),
      demandSection(context),
      latencySection(context),
      capacitySection(context),
      failuresSection(context),
      redisSection(context),
      wavesSection(context),
      strategiesSection(context),
      sensitivitySection(context),
      changesSection(context),
      appendix(context),
    ],
    plots: [
      sellOutPlot(context),
      sellOutTimePlot(context),
      latencyPlot(context),
      latencyOverTimePlot(context),
      capacityPlot(context),
      scalingPlot(context),
      sizingPlot(context),
      bufferMapPlot(context),
      bufferTradePlot(context),
      strandedPlot(context),
      redisPlot(context),
      queuesPlot(context),
      wavesPlot(context),
      strategiesPlot(context),
      sensitivityPlot(context),
    ],
  };
  return roundAll(report) as Report;
}

function cellsOf({ findings, replay }: Context): ReportCell[] {
  return findings.runs.map(({ cell, experiment, sales }) => ({
    experiment,
    strategy: cell.strategy,
    settings: [...cell.settings],
    command: replay(cell),
    measures: Object.fromEntries(
      MEASURE_NAMES.map((measure) => [measure, estimateOf(measure, sales)] as const).filter(
        // What was 0, or not to be had, in every sale needs no estimate.
        ([, { count, least, most }]) => count > 0 && (least !== 0 || most !== 0),
      ),
    ),
    runs: sales.map(({ seed, verdict, traceHash, values }) => ({
      seed,
      verdict,
      traceHash,
      values: { ...values },
    })),
  }));
}

/** Every number to six digits: the rest differs between machines, and says nothing. */
function roundAll(value: unknown): unknown {
  if (typeof value === "number") return rounded(value);
  if (Array.isArray(value)) return value.map(roundAll);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, roundAll(inner)]));
}
