/** A calibration as text for people. */
import { percent, trimmed } from "../../sim/cli/text/format.ts";
import { paragraph, table } from "../../sim/cli/text/layout.ts";
import { outsideBands } from "./file.ts";
import type { CalibrationFile, Point, Prediction } from "./file.ts";
import { shown } from "./host-checks.ts";

export function predictionsText(predictions: readonly Prediction[], sha256: string): string {
  return [
    `predicted, and frozen before any of it is measured (SHA-256 ${sha256}):`,
    ...table(
      ["load", "mean ms", "p50 ms", "p99 ms", "requests/s"],
      predictions.map(({ loadPercent, measures: { meanMs, p50Ms, p99Ms, ...rest } }) => [
        `${loadPercent} %`,
        trimmed(meanMs, 2),
        trimmed(p50Ms, 2),
        p99Ms === null ? "–" : trimmed(p99Ms, 2),
        trimmed(rest.throughputPerSecond, 1),
      ]),
      [0, 1, 2, 3, 4],
    ),
  ].join("\n");
}

export function calibrationText(file: CalibrationFile): string {
  const { checks, host, points, serviceTimes, requests, repeats } = file;
  return [
    ...verdict(file),
    "",
    `Node ${host.node} · ${host.processor} · ${host.cores} cores · load average ` +
      `${trimmed(host.loadAverageBefore, 2)} before, ${trimmed(host.loadAverageAfter, 2)} after · ` +
      `steal ${percent(host.stealShare)}`,
    `service times ${serviceTimes} · ${requests} requests, ${repeats} times at each load`,
    "",
    ...table(
      ["host", "value", "at most", ""],
      checks.map(({ name, unit, value, limit, passed }) => [
        name,
        shown(value, unit),
        shown(limit, unit),
        passed ? "✓" : "✗",
      ]),
      [1, 2],
    ),
    ...(points.length === 0 ? [] : ["", ...pointTable(points)]),
    "",
    `again: ${file.command}`,
  ].join("\n");
}

function verdict(file: CalibrationFile): string[] {
  if (file.status === "INVALID") return paragraph(`INVALID HOST: ${file.reason}`);
  const { length } = file.points;
  const inside = length - outsideBands(file).length;
  const rough = file.quick ? " (quick, so rough)" : "";
  return paragraph(`VALID: ${inside} of ${length} predictions within their bands${rough}`);
}

function pointTable(points: readonly Point[]): string[] {
  return table(
    ["load", "measure", "predicted", "measured", "error", "allowed", ""],
    points.map(({ loadPercent, measure, unit, predicted, measured, error, band }) => [
      `${loadPercent} %`,
      measure,
      `${trimmed(predicted, 3)} ${unit}`.trim(),
      `${trimmed(measured, 3)} ${unit}`.trim(),
      `${error > 0 ? "+" : ""}${trimmed(error * 100, 1)} %`,
      `±${trimmed(band * 100, 1)} %`,
      Math.abs(error) <= band ? "✓" : "✗",
    ]),
    [0, 2, 3, 4, 5],
  );
}
