import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { LAYERS, layerOf } from "./layers.ts";

const ROOT = join(import.meta.dirname, "../..");

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/u.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes("/testing/"));
}

test("every file that takes part in a run belongs to a layer", () => {
  const files = ["core", "sim/world", "sim/network", "sim/kernel"].flatMap(filesBelow);
  expect(files.filter((file) => layerOf(file) === null)).toEqual([]);
});

test("every layer has files", () => {
  const files = ["core", "sim"].flatMap(filesBelow);
  const found = new Set(files.map(layerOf));
  expect(LAYERS.filter((layer) => !found.has(layer))).toEqual([]);
});

test("the benchmark itself belongs to none", () => {
  expect(layerOf("sim/bench/tasks.ts")).toBeNull();
  expect(layerOf("sim/cli/main.ts")).toBeNull();
});
