import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { preDeduct } from "../core/strategies/pre-deduct.ts";
import { UsageError } from "./cli/usage-error.ts";
import { createRepro, readRepro, runConfigOf, writeRepro } from "./repro.ts";
import { drawRun, runToEnd } from "./sweep/run-seed.ts";

const config = drawRun(
  { scenario: "small", strategy: "pre-deduct", faults: "swarm" },
  2n ** 64n - 1n,
);
const result = runToEnd(config, preDeduct);
const file = join(mkdtempSync(join(tmpdir(), "repro-")), "repro.json");

describe("a repro file", () => {
  test("brings the run back, without the generators", () => {
    writeRepro(file, createRepro(config, result, null));
    const repro = readRepro(file);
    expect(runConfigOf(repro)).toEqual(config);
    expect(runToEnd(runConfigOf(repro), preDeduct).traceHash).toBe(repro.traceHash);
  });

  test("is refused, in one line, if it is cut short", () => {
    writeRepro(file, createRepro(config, result, "latch"));
    const text = readFileSync(file, "utf8");
    for (const length of [0, 1, Math.floor(text.length / 2), text.length - 2]) {
      writeFileSync(file, text.slice(0, length));
      expect(() => readRepro(file)).toThrow(UsageError);
    }
  });

  test.each([
    ["schemaVersion", 2],
    ["seed", "18446744073709551616"],
    ["seed", 5],
    ["strategy", ""],
    ["invariant", "no-overselling"],
    ["verdict", "fine"],
    ["traceHash", "abc"],
    ["plan", { schemaVersion: 1, episodes: [{ kind: "server-crash", target: 999, atMs: 1 }] }],
    ["scenario", { sale: { tickets: -1 } }],
    ["surplus", 1],
  ])("is refused if %s is %j", (key, value) => {
    writeFileSync(file, JSON.stringify({ ...createRepro(config, result, null), [key]: value }));
    expect(() => readRepro(file)).toThrow(UsageError);
  });

  test("is refused if it is not there", () => {
    expect(() => readRepro("/nowhere/repro.json")).toThrow(/no such file/u);
  });
});
