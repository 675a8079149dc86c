/** The time axis of a chart: which column a moment falls in, and where the ticks are. */
import { duration } from "./format.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

const BELOW_A_SECOND_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

const STEPS_MS: readonly number[] = [
  ...BELOW_A_SECOND_MS,
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12, 24, 48, 120].map((hours) => hours * HOUR_MS),
];

/** A label of up to nine characters under every tick has to fit. */
const TICK_COLUMNS_LEAST = 10;

export interface TimeAxis {
  readonly fromMs: number;
  readonly toMs: number;
  readonly columns: number;
}

/** The column of a moment; outside of [0, columns) if it is not on the axis. */
export function columnOf(axis: TimeAxis, atMs: number): number {
  return Math.floor(((atMs - axis.fromMs) / (axis.toMs - axis.fromMs)) * axis.columns);
}

/** The line under a chart and the labels under the line. */
export function axisText(axis: TimeAxis): [line: string, labels: string] {
  const spanMs = axis.toMs - axis.fromMs;
  const stepMs =
    STEPS_MS.find((step) => (step / spanMs) * axis.columns >= TICK_COLUMNS_LEAST) ??
    STEPS_MS.at(-1)!;
  const line = Array.from({ length: axis.columns }, () => "─");
  let labels = "";
  for (let atMs = Math.ceil(axis.fromMs / stepMs) * stepMs; atMs < axis.toMs; atMs += stepMs) {
    const column = columnOf(axis, atMs);
    line[column] = "┴";
    const label = atMs === 0 ? "0" : duration(atMs);
    if (column + label.length <= axis.columns) labels = labels.padEnd(column) + label;
  }
  return [line.join(""), labels];
}
