import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive } from "./alive.ts";

const WATCHDOG = fileURLToPath(new URL("watchdog.mjs", import.meta.url));
const WAITS = "setInterval(() => {}, 60_000)";

let folder: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watchdog-"));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** As the harness starts its own: detached, without a terminal. */
async function start(args: readonly string[], cwd?: string): Promise<number> {
  const child = spawn(process.execPath, ["-e", WAITS, "--", ...args], {
    cwd,
    stdio: "ignore",
    detached: true,
  });
  started.push(child);
  await once(child, "spawn");
  return child.pid!;
}

async function watchdogEndsAfter(...lines: readonly unknown[]): Promise<void> {
  const watchdog = spawn(process.execPath, [WATCHDOG], { stdio: ["pipe", "ignore", "inherit"] });
  watchdog.stdin.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  await once(watchdog, "exit");
}

test("whoever uses a guarded folder ends with it, though nobody had time to guard him", async () => {
  const named = await start([`--config=${join(folder, "server.json")}`]);
  const inside = await start([], folder);
  const other = await start([]);
  await watchdogEndsAfter(["guard", { folder }]);
  await expect.poll(() => [isAlive(named), isAlive(inside)]).toEqual([false, false]);
  expect(isAlive(other)).toBe(true);
  expect(existsSync(folder)).toBe(false);
});

test("a person who looks on at a terminal stays", async () => {
  const looksOn = ["-qc", 'cd "$FOLDER" && echo $$ && exec sleep 60', "/dev/null"];
  const terminal = spawn("script", looksOn, {
    env: { ...process.env, FOLDER: folder },
    stdio: ["ignore", "pipe", "ignore"],
  });
  started.push(terminal);
  const [pid] = (await once(terminal.stdout, "data")) as [Buffer];
  await watchdogEndsAfter(["guard", { folder }]);
  expect(existsSync(folder)).toBe(false);
  expect(isAlive(Number(pid.toString()))).toBe(true);
});

test("a folder that was released stays, with all who use it", async () => {
  const inside = await start([], folder);
  await watchdogEndsAfter(["guard", { folder }], ["release", { folder }]);
  expect(isAlive(inside)).toBe(true);
  expect(existsSync(folder)).toBe(true);
});

test("a guarded group ends, a released one does not", async () => {
  const [guarded, released] = [await start([]), await start([])];
  const lines = [guarded, released].map((group) => ["guard", { group }]);
  await watchdogEndsAfter(...lines, ["release", { group: released }]);
  await expect.poll(() => isAlive(guarded)).toBe(false);
  expect(isAlive(released)).toBe(true);
});
