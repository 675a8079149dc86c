import { expect, test } from "vitest";
import { isFromOutside, RESTARTS_MAX, Supervisor } from "./supervisor.ts";
import type { Death } from "./supervisor.ts";

const KILLED: Death = { code: null, signal: "SIGKILL" };

function supervised(startAgain: () => Promise<void> = async () => {}) {
  const notes: string[] = [];
  const supervisor = new Supervisor((line) => notes.push(line));
  let starts = 0;
  const machine = {
    name: "server-0",
    startAgain() {
      starts += 1;
      return startAgain();
    },
  };
  return { supervisor, notes, machine, starts: () => starts };
}

test.each<[Death, boolean]>([
  [KILLED, true],
  [{ code: null, signal: "SIGTERM" }, true],
  [{ code: null, signal: "SIGINT" }, true],
  // Told by SIGTERM, it ends in order.
  [{ code: 0, signal: null }, true],
  [{ code: 4, signal: null }, true],
  [{ code: 143, signal: null }, true],
  // An error that nobody caught.
  [{ code: 1, signal: null }, false],
  [{ code: 70, signal: null }, false],
  // V8 without memory.
  [{ code: null, signal: "SIGABRT" }, false],
  [{ code: null, signal: "SIGSEGV" }, false],
])("%o comes from outside: %s", (death, expected) => {
  expect(isFromOutside(death)).toBe(expected);
});

test("who was killed is started again, which is told", async () => {
  const { supervisor, notes, machine, starts } = supervised();
  supervisor.died(machine, KILLED);
  expect(supervisor.restarting).toBe(1);
  await expect.poll(() => supervisor.restarting).toBe(0);
  expect(starts()).toBe(1);
  expect(supervisor.deaths).toMatchObject([{ process: "server-0", signal: "SIGKILL" }]);
  expect(supervisor.defects).toEqual([]);
  expect(notes).toEqual(["server-0 was killed by SIGKILL from outside: it is started again"]);
});

test("who ends itself has a defect, and stays down", () => {
  const { supervisor, machine, starts } = supervised();
  supervisor.died(machine, { code: 1, signal: null });
  expect(starts()).toBe(0);
  expect(supervisor.deaths).toEqual([]);
  expect(supervisor.defects).toEqual([
    "server-0 ended with exit code 1, which no fault asked for (see its log)",
  ]);
});

test("restarts are bounded", () => {
  const { supervisor, machine, starts } = supervised();
  for (let i = 0; i < RESTARTS_MAX; i += 1) supervisor.died(machine, KILLED);
  expect(supervisor.defects).toEqual([]);
  supervisor.died(machine, KILLED);
  expect(starts()).toBe(RESTARTS_MAX);
  expect(supervisor.deaths).toHaveLength(RESTARTS_MAX + 1);
  expect(supervisor.defects).toEqual([
    "server-0 was killed by SIGKILL after 10 restarts, and was not started again",
  ]);
});

test("a start that fails is a defect", async () => {
  const { supervisor, machine } = supervised(async () => {
    throw new Error("server-0 did not start: no word");
  });
  supervisor.died(machine, KILLED);
  await expect.poll(() => supervisor.restarting).toBe(0);
  expect(supervisor.defects).toEqual([
    "server-0 could not be started again: server-0 did not start: no word",
  ]);
});
