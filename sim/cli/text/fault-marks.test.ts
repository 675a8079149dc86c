import { expect, test } from "vitest";
import type { Episode } from "../../faults/vocabulary.ts";
import { loadScenario } from "../../scenario/load.ts";
import { buildTopology } from "../../world/topology.ts";
import { faultMarks } from "./fault-marks.ts";
import { axisText, columnOf } from "./time-axis.ts";
import type { TimeAxis } from "./time-axis.ts";

const topology = buildTopology(loadScenario("smoke", 1n));
const axis: TimeAxis = { fromMs: 0, toMs: 4000, columns: 40 };

function marks(...episodes: Episode[]): string[] {
  return faultMarks(episodes, topology, axis);
}

test("the axis has a tick under each labelled moment", () => {
  const [line, labels] = axisText(axis);
  expect(line).toBe("┴─────────┴─────────┴─────────┴─────────");
  expect(labels).toBe("0         1 s       2 s       3 s");
  expect(columnOf(axis, 3000)).toBe(labels.indexOf("3 s"));
});

test("a fault is a mark at its moment, its name, and a line for as long as it lasts", () => {
  expect(
    marks(
      { kind: "server-crash", target: 3, atMs: 0, forMs: 3000 },
      { kind: "redis-stall", atMs: 1000, forMs: 10 },
      { kind: "nginx-reload", target: 0, atMs: 1000 },
      { kind: "redis-stall", atMs: 2000 },
    ),
  ).toEqual([
    "× server-crash server-3 ───────",
    "          × redis-stall",
    "          × nginx-reload nginx-east-1",
    "                    × redis-stall ──────",
  ]);
});

test("near the end of the axis the name stands before the mark", () => {
  expect(marks({ kind: "redis-stall", atMs: 3500 })).toEqual([
    "                       redis-stall ×────".padStart(40),
  ]);
});

test("what begins elsewhere is not shown", () => {
  expect(marks({ kind: "redis-stall", atMs: 4000 })).toEqual([]);
});

test("many faults share a line with those of their kind", () => {
  const crashes = Array.from({ length: 13 }, (_, i): Episode => {
    return { kind: "server-crash", target: i % 8, atMs: i * 100, forMs: 50 };
  });
  expect(marks(...crashes)).toEqual(["××××××××××××× server-crash (13)"]);
});
