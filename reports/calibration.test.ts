import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { invalidCalibration, validCalibration } from "../harness/testing/calibration.ts";
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

function read(content: unknown) {
  const path = join(directory, "calibration.json");
  writeFileSync(path, JSON.stringify(content));
  return readCalibration(path);
}

test("a valid one tells how many predictions were within their bands", () => {
  const { status, text } = read(validCalibration);
  expect(status).toBe("VALID");
  expect(text).toBe(
    "calibrated against a real stack with service times as they are: 1 of 2 predictions within their bands.",
  );
  expect(read({ ...validCalibration, quick: true }).text).toContain("calibrated, roughly, against");
});

test("an invalid one calibrates nothing, and says why", () => {
  const { status, text } = read(invalidCalibration);
  expect(status).toBe("INVALID");
  expect(text).toBe("uncalibrated: ratios only. The calibration is invalid: the host is too noisy");
});

test("none at all is no error", () => {
  expect(readCalibration(null)).toMatchObject({ status: "NONE", file: null });
});

const rowsOf = (content: unknown): readonly (readonly string[])[] =>
  calibrationBlocks(read(content)).flatMap((block) => (block.type === "table" ? block.rows : []));

test("the report shows the host, what was frozen, and each prediction with its error", () => {
  const rows = rowsOf(validCalibration);
  expect(rows).toContainEqual(["idle ping p99", "0.2 ms", "1 ms", "quiet enough"]);
  expect(rows).toContainEqual(["servers.serviceUs", "4,200 µs"]);
  expect(rows).toContainEqual(["50 %", "mean", "11 ms", "10 ms", "10 % (±15 %)"]);
  expect(rows).toContainEqual(["50 %", "mean", "11 ms", "10 ms", "10 % (outside ±5 %)"]);
});

test("of an invalid one it shows what was wrong with the host, and no error", () => {
  expect(rowsOf(invalidCalibration)).toEqual([["idle ping p99", "2 ms", "1 ms", "too noisy"]]);
});

test("anything else is refused by its path", () => {
  expect(() => read({ schemaVersion: 2 })).toThrow(UsageError);
  expect(() => readCalibration(join(directory, "none.json"))).toThrow(/none\.json/u);
});
