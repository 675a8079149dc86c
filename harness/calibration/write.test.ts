import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  invalidCalibration as invalid,
  validCalibration as valid,
} from "../testing/calibration.ts";
import { textOf } from "./file.ts";
import { write } from "./write.ts";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "calibration-write-"));
  path = join(directory, "calibration.json");
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const content = (): string => readFileSync(path, "utf8");

describe("an invalid result", () => {
  test("does not replace a valid file, unless that is asked for", () => {
    writeFileSync(path, textOf(valid));
    expect(write(path, invalid, false)).toBe(false);
    expect(content()).toBe(textOf(valid));
    expect(write(path, invalid, true)).toBe(true);
    expect(content()).toBe(textOf(invalid));
  });

  test.each(["", "{}", textOf({ ...invalid, seed: "2" })])("replaces %j", (before) => {
    writeFileSync(path, before);
    expect(write(path, invalid, false)).toBe(true);
    expect(content()).toBe(textOf(invalid));
  });

  test("is written where nothing was", () => {
    expect(write(path, invalid, false)).toBe(true);
    expect(content()).toBe(textOf(invalid));
  });
});

test("a valid result replaces a valid file", () => {
  writeFileSync(path, textOf(valid));
  expect(write(path, { ...valid, seed: "2" }, false)).toBe(true);
  expect(content()).toBe(textOf({ ...valid, seed: "2" }));
});
