import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { preDeduct } from "../../../core/strategies/pre-deduct.ts";
import { drawPlan } from "../../faults/draw.ts";
import type { RunConfig, SimulationResult } from "../../result.ts";
import { loadScenario } from "../../scenario/load.ts";
import { Simulation } from "../../simulation.ts";
import { UsageError } from "../usage-error.ts";
import { openTrace } from "./trace-file.ts";

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "trace-"));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const scenario = loadScenario("smoke", 1n);
const config: RunConfig = {
  seed: 1n,
  scenario,
  strategy: "pre-deduct",
  plan: drawPlan(scenario, 1n),
};

function traceTo(file: string): SimulationResult {
  const trace = openTrace(file, config);
  const simulation = new Simulation(config, preDeduct, trace);
  while (!simulation.advance(10_000));
  const result = simulation.result();
  expect(trace.finish(result)).toBeNull();
  return result;
}

test(".jsonl: every domain event on a line of its own", () => {
  const file = join(directory, "trace.jsonl");
  const { events } = traceTo(file);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(lines).toHaveLength(events);
  const kinds = new Set(lines.map((line) => (JSON.parse(line) as { kind: string }).kind));
  expect([...kinds]).toEqual(expect.arrayContaining(["answered", "counter-item", "fault"]));
});

test(".json: faults as slices that end, tickets as a counter that ends as the result does", () => {
  const file = join(directory, "trace.json");
  const result = traceTo(file);
  const { traceEvents, otherData } = JSON.parse(readFileSync(file, "utf8")) as {
    traceEvents: { ph: string; name: string; id?: number; args?: Record<string, number> }[];
    otherData: { traceHash: string; instantsLeftOut: number };
  };
  expect(otherData).toMatchObject({ traceHash: result.traceHash, instantsLeftOut: 0 });
  const slices = (phase: string): Set<number | undefined> =>
    new Set(traceEvents.filter(({ ph }) => ph === phase).map(({ id }) => id));
  expect(slices("b")).toEqual(new Set(config.plan.episodes.keys()));
  expect(slices("e")).toEqual(slices("b"));
  const tickets = traceEvents.filter(({ name }) => name === "tickets");
  expect(tickets.at(-1)?.args).toEqual({ confirmed: result.confirmed, held: result.held });
});

test("another ending is an error before anything is written", () => {
  expect(() => openTrace("trace.txt", config)).toThrow(UsageError);
  expect(() => openTrace(join(directory, "nowhere", "trace.json"), config)).toThrow(
    "no such file or directory",
  );
});
