/** Predictions beside measurements, each with the error that is allowed. */
import { median } from "../../sim/bench/statistics.ts";
import type { Point, Prediction } from "./file.ts";
import type { Measures } from "./measures.ts";

/** Beyond this load a small error of the service time is a large one of the waiting time. */
export const LATENCY_LOAD_PERCENT_MAX = 80;

interface Compared {
  readonly key: keyof Measures;
  readonly measure: string;
  readonly unit: string;
  /** The error allowed, as a share of what was measured. */
  readonly band: number;
}

const LATENCIES: readonly Compared[] = [
  { key: "meanMs", measure: "mean response", unit: "ms", band: 0.15 },
  { key: "p50Ms", measure: "p50 response", unit: "ms", band: 0.15 },
  { key: "p99Ms", measure: "p99 response", unit: "ms", band: 0.25 },
];
const FLOWS: readonly Compared[] = [
  { key: "throughputPerSecond", measure: "throughput", unit: "/s", band: 0.05 },
  { key: "utilisation", measure: "utilisation", unit: "", band: 0.1 },
];
const SATURATION: readonly Compared[] = [
  { key: "throughputPerSecond", measure: "saturation", unit: "/s", band: 0.1 },
];

/** @param measured the repeats at the prediction's load */
export function pointsOf(prediction: Prediction, measured: readonly Measures[]): Point[] {
  const { loadPercent, measures } = prediction;
  return comparedAt(prediction).flatMap(({ key, measure, unit, band }) => {
    const predicted = measures[key];
    const values = measured.map((each) => each[key]).filter((value) => value !== null);
    if (predicted === null || values.length === 0) return [];
    const middle = median(values);
    return [
      {
        loadPercent,
        measure,
        unit,
        predicted,
        measured: middle,
        error: (predicted - middle) / middle,
        band,
      },
    ];
  });
}

function comparedAt({ loadPercent, isOverload }: Prediction): readonly Compared[] {
  if (isOverload) return SATURATION;
  return loadPercent > LATENCY_LOAD_PERCENT_MAX ? FLOWS : [...LATENCIES, ...FLOWS];
}
