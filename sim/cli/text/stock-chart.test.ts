import { expect, test } from "vitest";
import type { RunConfig, SimulationResult } from "../../result.ts";
import { loadScenario } from "../../scenario/load.ts";
import { buildTopology } from "../../world/topology.ts";
import type { Paint } from "./paint.ts";
import { stockCharts } from "./stock-chart.ts";

const plain: Paint = (_style, text) => text;
const scenario = loadScenario("smoke", 1n);
const topology = buildTopology(scenario);
const config: RunConfig = {
  seed: 1n,
  scenario,
  strategy: "pre-deduct",
  plan: { schemaVersion: 1, episodes: [] },
};

function charts(virtualSeconds: number, held: number[], confirmed: number[]) {
  const result = {
    tickets: 200,
    virtualSeconds,
    faults: [],
    stock: { atMs: held.map((_, second) => second * 1000), held, confirmed },
  } as unknown as SimulationResult;
  return stockCharts(config, result, topology, plain);
}

test("held stands on confirmed, each as high as it is many", () => {
  const lines = charts(4, [100, 100, 0, 0], [0, 100, 200, 0]);
  const rows = lines.slice(1, 9).map((line) => line.slice(7));
  // Four seconds over 94 columns: one column out of each second.
  const columns = [12, 36, 60, 84];
  expect(rows.map((row) => columns.map((column) => row[column] ?? " ").join(""))).toEqual([
    " ░█ ",
    " ░█ ",
    " ░█ ",
    " ░█ ",
    "░██ ",
    "░██ ",
    "░██ ",
    "░██ ",
  ]);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
});

test("a long run is shown twice: the rush, and all of it", () => {
  const bins = Array.from({ length: 1000 }, () => 200);
  const titles = charts(1000, bins, bins).filter((line) => line.startsWith("Tickets"));
  expect(titles).toEqual([
    expect.stringContaining("Tickets over the first 3.125 s"),
    expect.stringContaining("Tickets over the whole 16 min 40 s"),
  ]);
});
