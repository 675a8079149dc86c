/** Deaths and starts of a process, in every order in which faults may want them. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive } from "./alive.ts";
import { ChildFailed } from "./child.ts";
import { Machine } from "./machine.ts";
import type { Death } from "./supervisor.ts";

let directory: string;
let machine: Machine;
let unplannedDeaths: Death[];

/** Says that it is ready, counts, and ends when it is told to. */
const PROGRAM = `
import { readFileSync, writeFileSync } from "node:fs";
const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
if (config.fails) { console.error("no such thing"); process.exit(1); }
console.log(JSON.stringify({ ready: true }));
let ticks = 0;
setInterval(() => writeFileSync(config.file, String((ticks += 1))), 5);
if (config.dies) setTimeout(() => process.exit(3), 50);
process.on("SIGTERM", () => process.exit(0));
`;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "onceonly-machine-"));
  writeFileSync(join(directory, "program.mjs"), PROGRAM);
  unplannedDeaths = [];
  machine = create({});
});

afterEach(async () => {
  await machine.end(1000);
  rmSync(directory, { recursive: true });
});

function create(extra: object): Machine {
  return new Machine({
    name: "machine",
    entry: pathToFileURL(join(directory, "program.mjs")),
    directory,
    configOf: (incarnation) => ({ incarnation, file: join(directory, "ticks"), ...extra }),
    onUnplannedDeath,
  });
}

function onUnplannedDeath(_: Machine, death: Death): void {
  unplannedDeaths.push(death);
}

function ticks(): number {
  try {
    return Number(readFileSync(join(directory, "ticks"), "utf8"));
  } catch {
    return 0;
  }
}

/** Whether it does something within a moment. */
async function isRunning(): Promise<boolean> {
  const before = ticks();
  await new Promise((resolve) => setTimeout(resolve, 150));
  return ticks() !== before;
}

/** In which share of looks during a second the process was stopped. */
async function shareStopped(): Promise<number> {
  let stopped = 0;
  for (let i = 0; i < 100; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (readFileSync(`/proc/${machine.pid}/stat`, "utf8").includes(") T ")) stopped += 1;
  }
  return stopped / 100;
}

test("it stays down as long as anybody wants it down, and comes back as another incarnation", async () => {
  await machine.start();
  const first = machine.pid!;
  const [one, other] = [{}, {}];
  await Promise.all([machine.hold(one), machine.hold(other)]);
  expect(isAlive(first)).toBe(false);
  await machine.release(one);
  expect(machine.isUp).toBe(false);
  await machine.release(other);
  expect(machine.isUp).toBe(true);
  expect(machine.incarnation).toBe(1);
  expect(unplannedDeaths).toEqual([]);
});

test("released in the very moment of its death it comes back all the same", async () => {
  await machine.start();
  const episode = {};
  machine.staysDown(episode);
  machine.killNow();
  await machine.release(episode);
  expect(machine.incarnation).toBe(1);
  await expect.poll(isRunning, { timeout: 20_000 }).toBe(true);
  expect(unplannedDeaths).toEqual([]);
});

test("a hold during its start is a death after it", async () => {
  const episode = {};
  const started = machine.start();
  await machine.hold(episode);
  await started;
  expect(machine.isUp).toBe(false);
  await machine.release(episode);
  expect(machine.isUp).toBe(true);
});

test("stopped it does nothing until everybody lets it go on", async () => {
  await machine.start();
  const [one, other] = [{}, {}];
  machine.stop(one);
  machine.stop(other);
  expect(machine.isServing).toBe(false);
  expect(await isRunning()).toBe(false);
  machine.goOn(one);
  expect(await isRunning()).toBe(false);
  machine.goOn(other);
  await expect.poll(isRunning, { timeout: 20_000 }).toBe(true);
});

test("slowed it is stopped most of the time, and never again afterwards", async () => {
  await machine.start();
  machine.slow(25);
  expect(await shareStopped()).toBeGreaterThan(0.5);
  machine.slow(1);
  expect(await shareStopped()).toBe(0);
});

test("where its start fails it is tried again", async () => {
  const allowed = join(directory, "allowed");
  machine = new Machine({
    name: "machine",
    entry: pathToFileURL(join(directory, "program.mjs")),
    directory,
    configOf: () => {
      const fails = !existsSync(allowed);
      writeFileSync(allowed, "");
      return { fails, file: join(directory, "ticks") };
    },
    onUnplannedDeath,
  });
  await machine.release({});
  expect(machine.isUp).toBe(true);
  expect(unplannedDeaths).toEqual([]);
});

test("killed from outside it is told, and can be started again", async () => {
  await machine.start();
  process.kill(machine.pid!, "SIGKILL");
  await expect.poll(() => unplannedDeaths).toEqual([{ code: null, signal: "SIGKILL" }]);
  await machine.startAgain();
  expect(machine.incarnation).toBe(1);
  expect(machine.isUp).toBe(true);
});

test("a death that nobody asked for is told, one at the start is an error", async () => {
  machine = create({ dies: true });
  await machine.start();
  await expect.poll(() => unplannedDeaths).toEqual([{ code: 3, signal: null }]);

  machine = create({ fails: true });
  await expect(machine.start()).rejects.toThrow(ChildFailed);
  await expect(machine.start()).rejects.toThrow("machine did not start: no such thing");
});
