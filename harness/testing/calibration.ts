/** Calibration files for tests: one of each status. */
import type { CalibrationFile } from "../calibration/file.ts";

const prediction = {
  loadPercent: 50,
  measure: "mean",
  unit: "ms",
  predicted: 11,
  measured: 10,
  error: 0.1,
} as const;

/** One of its two predictions is within its band. */
export const validCalibration: CalibrationFile = {
  schemaVersion: 1,
  status: "VALID",
  reason: "",
  serviceTimes: "as they are",
  command: "npx tsx harness/calibrate.ts --seed 1 --spin-us 0",
  seed: "1",
  quick: false,
  spinUs: 0,
  host: {
    node: "v20",
    processor: "some",
    cores: 2,
    loadAverageBefore: 0,
    loadAverageAfter: 1,
    stealShare: 0,
  },
  checks: [{ name: "idle ping p99", unit: "ms", value: 0.2, limit: 1, passed: true }],
  requests: 1000,
  repeats: 5,
  predictions: [],
  predictionsSha256: "0".repeat(64),
  fragment: {
    buyers: { networkMs: 0.2 },
    nginx: { serviceUs: 100 },
    servers: { serviceUs: 4200, serviceLaw: { quantiles: [4000, 4200, 5000] } },
    redis: { linkUs: 100, callUs: 20, itemUs: 12 },
  },
  points: [
    { ...prediction, band: 0.15 },
    { ...prediction, band: 0.05 },
  ],
};

export const invalidCalibration: CalibrationFile = {
  ...validCalibration,
  status: "INVALID",
  reason: "the host is too noisy",
  checks: [{ name: "idle ping p99", unit: "ms", value: 2, limit: 1, passed: false }],
  fragment: null,
  points: [],
};
