/** The whole process group of a command dies at its start: Ctrl-C, a closed terminal, `kill -9`. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CommandWorld } from "../testing/command.ts";

const PORT = 24_101;

let world: CommandWorld;

beforeEach(() => {
  world = new CommandWorld();
});

afterEach(() => world.close());

function redis(): string[] {
  return world.processesLeft().filter((line) => line.includes("redis-server"));
}

test.each<[NodeJS.Signals, number]>([
  ["SIGKILL", 0],
  ["SIGINT", 0],
  ["SIGINT", 600],
])("%s to all of it %i ms after Redis has come: nothing stays", async (signal, afterMs) => {
  const command = world.startInGroup("harness/run.ts", ["--scenario=demo", `--port=${PORT}`]);
  await expect.poll(redis, { timeout: 30_000, interval: 2 }).not.toEqual([]);
  await sleep(afterMs);
  command.killGroup(signal);
  await command.ended();
  await expect.poll(() => world.processesLeft(), { timeout: 10_000, interval: 100 }).toEqual([]);
  await expect.poll(() => world.filesLeft(), { timeout: 5000, interval: 100 }).toEqual([]);
});
