/** The command on real parts: whatever the host is like, what it says of it is consistent. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as v from "valibot";
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { Interrupt } from "../../sim/cli/interrupt.ts";
import { CommandWorld } from "../testing/command.ts";
import { CalibrationSchema, outsideBands, sha256Of } from "./file.ts";
import type { CalibrationFile } from "./file.ts";
import { responsesMs } from "./measures.ts";
import { RealStack } from "./real-stack.ts";

let world: CommandWorld;
beforeEach(() => (world = new CommandWorld()));
afterEach(() => world.close());

async function expectNothingLeft(): Promise<void> {
  await expect.poll(() => world.processesLeft(), { timeout: 20_000, interval: 200 }).toEqual([]);
  await expect.poll(() => world.filesLeft(), { timeout: 10_000, interval: 200 }).toEqual([]);
}

function exitCodeFor(file: CalibrationFile): number {
  if (file.status === "INVALID") return EXIT.environment;
  return outsideBands(file).length === 0 ? EXIT.passed : EXIT.violated;
}

test("a quick one is valid or says why not, and leaves nothing but its file", async () => {
  const out = join(world.temporary, "calibration.json");
  const args = ["--quick", "--spin-us", "2000", "--seed", "7", "--json", "--out", out];
  const { code, stdout, stderr } = await world.start("harness/calibrate.ts", args).ended();
  const file = v.parse(CalibrationSchema, JSON.parse(readFileSync(out, "utf8")));
  expect(JSON.parse(stdout), stderr).toEqual(file);
  expect(file).toMatchObject({ seed: "7", quick: true, spinUs: 2000 });
  expect(code, stderr).toBe(exitCodeFor(file));
  const failed = file.checks.filter(({ passed }) => !passed);
  for (const { value, limit, passed } of file.checks) expect(passed).toBe(value <= limit);
  if (file.status === "INVALID") {
    expect(failed).not.toEqual([]);
    for (const { name } of failed) expect(file.reason).toContain(name);
    expect(file).toMatchObject({ points: [], predictions: [], fragment: null });
  } else {
    expect(failed).toEqual([]);
    expect(file.reason).toBe("");
    expect(file.predictionsSha256).toBe(sha256Of(file.predictions));
    expect(stderr).toContain(file.predictionsSha256);
    expect(file.fragment!.servers.serviceUs).toBeGreaterThan(2000);
    expect(new Set(file.points.map(({ loadPercent }) => loadPercent))).toEqual(
      new Set([50, 80, 130]),
    );
  }
  await expect.poll(() => world.filesLeft(), { timeout: 10_000 }).toEqual(["calibration.json"]);
  await expect.poll(() => world.processesLeft(), { timeout: 20_000 }).toEqual([]);
});

test("interrupted it writes nothing and leaves nothing", async () => {
  const out = join(world.temporary, "never.json");
  const command = world.start("harness/calibrate.ts", ["--out", out]);
  await expect
    .poll(() => world.processesLeft().filter((line) => line.includes("nginx")), { timeout: 60_000 })
    .not.toEqual([]);
  command.kill("SIGINT");
  const { code, stdout, stderr } = await command.ended();
  expect(code, stderr).toBe(EXIT.interrupted);
  expect(stdout).toBe("");
  expect(existsSync(out)).toBe(false);
  await expectNothingLeft();
});

test("a place that cannot be written is told before anything is started", async () => {
  const outOf = async (out: string) => {
    const { code, stderr } = await world.start("harness/calibrate.ts", ["--out", out]).ended();
    expect(code).toBe(EXIT.usage);
    return stderr;
  };
  expect(await outOf(join(world.temporary, "none", "calibration.json"))).toMatch(
    /^calibrate: --out .*: there is no folder [^\n]*\n$/u,
  );
  expect(await outOf(world.temporary)).toMatch(/^calibrate: --out .*: expected a file[^\n]*\n$/u);
});

test("the stack counts what its requests cost", async () => {
  const stack = new RealStack(new Interrupt());
  try {
    await stack.start(3000);
    const before = await stack.use();
    const sample = await stack.send(Array.from({ length: 50 }, (_, i) => i * 10));
    const after = await stack.use();
    expect(Math.min(...responsesMs(sample))).toBeGreaterThan(3);
    sample.sentMs.forEach((sent, i) => expect(sent).toBeGreaterThanOrEqual(sample.dueMs[i]));
    expect((after.serverBusyUs - before.serverBusyUs) / 50).toBeGreaterThan(3000);
    expect((after.nginxUs - before.nginxUs) / 50).toBeGreaterThan(1);
    expect(await stack.pings(20)).toHaveLength(20);
    const { callUs, itemUs } = await stack.redisCost();
    expect(callUs).toBeGreaterThan(1);
    // A reserved ticket writes four keys.
    expect(itemUs).toBeGreaterThan(1);
  } finally {
    await stack.stop();
  }
});
