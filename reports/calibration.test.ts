import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { UsageError } from "../sim/cli/usage-error.ts";
import { readCalibration } from "./calibration.ts";

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

test("a valid one tells how many predictions were within their bands", () => {
  const file = {
    schemaVersion: 1,
    status: "VALID",
    reason: "",
    serviceTimes: "real",
    points: [
      { ...point, band: 0.15 },
      { ...point, band: 0.05 },
    ],
  };
  expect(read(file)).toMatchObject({
    status: "VALID",
    text: "calibrated against a real stack with real service times: 1 of 2 predictions within their bands.",
  });
});

test("an invalid one calibrates nothing, and says why", () => {
  const file = {
    schemaVersion: 1,
    status: "INVALID",
    reason: "the host is too noisy",
    serviceTimes: "real",
    points: [],
  };
  const { status, text } = read(file);
  expect(status).toBe("INVALID");
  expect(text).toBe("uncalibrated: ratios only. The calibration is invalid: the host is too noisy");
});

test("anything else is refused by its path", () => {
  expect(() => read({ schemaVersion: 2 })).toThrow(UsageError);
  expect(() => readCalibration(join(directory, "none.json"))).toThrow(/none\.json/u);
});
