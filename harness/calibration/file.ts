/** The calibration as a file: reports/calibration.json, which the capacity report reads. */
import { createHash } from "node:crypto";
import * as v from "valibot";

const PointSchema = v.strictObject({
  /** Offered, as a share of the predicted saturation. */
  loadPercent: v.number(),
  measure: v.string(),
  unit: v.string(),
  predicted: v.number(),
  /** The median of the repeats. */
  measured: v.number(),
  /** (predicted - measured) / measured. */
  error: v.number(),
  /** The error allowed. */
  band: v.number(),
});

const HostCheckSchema = v.strictObject({
  name: v.string(),
  unit: v.picklist(["ms", "share"]),
  value: v.number(),
  /** The most that is allowed. */
  limit: v.number(),
  passed: v.boolean(),
});

const PredictionSchema = v.strictObject({
  loadPercent: v.number(),
  /** Offered to find the saturation. */
  isOverload: v.boolean(),
  measures: v.strictObject({
    /** From the intended start to the answer. */
    meanMs: v.number(),
    p50Ms: v.number(),
    /** Null: too few requests for it. */
    p99Ms: v.nullable(v.number()),
    /** Requests answered a second, from the first arrival to the last answer. */
    throughputPerSecond: v.number(),
    /** Share of that time in which the server's thread was busy. */
    utilisation: v.number(),
  }),
});

export const CalibrationSchema = v.strictObject({
  schemaVersion: v.literal(1),
  /** INVALID: the host was too noisy; then there are no points, for they would tell nothing. */
  status: v.picklist(["VALID", "INVALID"]),
  /** Why it is invalid; empty if it is not. */
  reason: v.string(),
  /** What follows "service times": "as they are", or "scaled by a declared CPU spin of …". */
  serviceTimes: v.string(),
  /** What measures again, and the seed of the arrivals. */
  command: v.string(),
  seed: v.string(),
  /** Few requests at few loads: rough. */
  quick: v.boolean(),
  /** Microseconds of work added to each request at the ticket server. */
  spinUs: v.number(),
  host: v.strictObject({
    node: v.string(),
    processor: v.string(),
    cores: v.number(),
    /** Over one minute: of others before, of others and the calibration after. */
    loadAverageBefore: v.number(),
    loadAverageAfter: v.number(),
    /** Share of the processors' time that a hypervisor gave to others. */
    stealShare: v.number(),
  }),
  checks: v.array(HostCheckSchema),
  /** Requests of one measurement, and measurements at each load. */
  requests: v.number(),
  repeats: v.number(),
  predictions: v.array(PredictionSchema),
  /** Of the predictions as JSON; printed before anything was measured. Null if invalid. */
  predictionsSha256: v.nullable(v.string()),
  /** The laws that were fitted at low load and frozen, as keys of a scenario; null if invalid. */
  fragment: v.nullable(
    v.strictObject({
      buyers: v.strictObject({ networkMs: v.number() }),
      nginx: v.strictObject({ serviceUs: v.number() }),
      servers: v.strictObject({
        serviceUs: v.number(),
        serviceLaw: v.strictObject({ quantiles: v.array(v.number()) }),
      }),
      redis: v.strictObject({ linkUs: v.number(), callUs: v.number(), itemUs: v.number() }),
    }),
  ),
  points: v.array(PointSchema),
});

export type CalibrationFile = v.InferOutput<typeof CalibrationSchema>;
export type Point = v.InferOutput<typeof PointSchema>;
export type Prediction = v.InferOutput<typeof PredictionSchema>;
export type HostCheck = v.InferOutput<typeof HostCheckSchema>;

/** Points whose error is larger than allowed. */
export function outsideBands({ points }: Pick<CalibrationFile, "points">): Point[] {
  return points.filter(({ error, band }) => Math.abs(error) > band);
}

const DIGITS = 6;

/** With no more digits than anything measured has. */
export function rounded<T>(data: T): T {
  return JSON.parse(
    JSON.stringify(data, (_, value: unknown) =>
      typeof value === "number" ? Number(value.toPrecision(DIGITS)) : value,
    ),
  ) as T;
}

export function sha256Of(predictions: readonly Prediction[]): string {
  return createHash("sha256").update(JSON.stringify(predictions)).digest("hex");
}

/** The content of the file: indented, but a list of numbers on one line. */
export function textOf(file: CalibrationFile): string {
  const text = JSON.stringify(file, null, 2);
  return `${text.replaceAll(/\[[\d\s.,]+\]/gu, (list) => list.replaceAll(/\s+/gu, ""))}\n`;
}
