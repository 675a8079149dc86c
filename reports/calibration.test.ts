import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { UsageError } from "../sim/cli/usage-error.ts";
import { readCalibration } from "./calibration.ts";
import { calibrationBlocks } from "./document/sections/calibration.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "calibration-"));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const point = {
  loadPercent: 50,
  measure: "mean",
  unit: "ms",
  predicted: 11,
  measured: 10,
  error: 0.1,
};

function read(content: unknown) {
  const path = join(directory, "calibration.json");
  writeFileSync(path, JSON.stringify(content));
  return readCalibration(path);
}

const valid = {
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
    { ...point, band: 0.15 },
    { ...point, band: 0.05 },
  ],
};

test("a valid one tells how many predictions were within their bands", () => {
  const { status, text } = read(valid);
  expect(status).toBe("VALID");
  expect(text).toBe(
    "calibrated against a real stack with service times as they are: 1 of 2 predictions within their bands.",
  );
  expect(read({ ...valid, quick: true }).text).toContain("calibrated, roughly, against");
});

const invalid = {
  ...valid,
  status: "INVALID",
  reason: "the host is too noisy",
  checks: [{ name: "idle ping p99", unit: "ms", value: 2, limit: 1, passed: false }],
  fragment: null,
  points: [],
};

test("an invalid one calibrates nothing, and says why", () => {
  const { status, text } = read(invalid);
  expect(status).toBe("INVALID");
  expect(text).toBe("uncalibrated: ratios only. The calibration is invalid: the host is too noisy");
});

test("none at all is no error", () => {
  expect(readCalibration(null)).toMatchObject({ status: "NONE", file: null });
});

const rowsOf = (content: unknown): readonly (readonly string[])[] =>
  calibrationBlocks(read(content)).flatMap((block) => (block.type === "table" ? block.rows : []));

test("the report shows the host, what was frozen, and each prediction with its error", () => {
  const rows = rowsOf(valid);
  expect(rows).toContainEqual(["idle ping p99", "0.2 ms", "1 ms", "quiet enough"]);
  expect(rows).toContainEqual(["servers.serviceUs", "4,200 µs"]);
  expect(rows).toContainEqual(["50 %", "mean", "11 ms", "10 ms", "10 % (±15 %)"]);
  expect(rows).toContainEqual(["50 %", "mean", "11 ms", "10 ms", "10 % (outside ±5 %)"]);
});

test("of an invalid one it shows what was wrong with the host, and no error", () => {
  expect(rowsOf(invalid)).toEqual([["idle ping p99", "2 ms", "1 ms", "too noisy"]]);
});

test("anything else is refused by its path", () => {
  expect(() => read({ schemaVersion: 2 })).toThrow(UsageError);
  expect(() => readCalibration(join(directory, "none.json"))).toThrow(/none\.json/u);
});
