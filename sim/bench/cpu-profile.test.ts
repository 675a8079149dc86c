import type { Profiler } from "node:inspector";
import { expect, test } from "vitest";
import { selfTimes } from "./cpu-profile.ts";

const OURS = "file:///project/sim/world/buyers.ts";

function node(
  id: number,
  functionName: string,
  url: string,
  children: number[] = [],
): Profiler.ProfileNode {
  const callFrame = { functionName, url, scriptId: "0", lineNumber: id, columnNumber: 0 };
  return { id, callFrame, children };
}

test("time in what has no source of ours counts for its caller", () => {
  const profile: Profiler.Profile = {
    startTime: 0,
    endTime: 10_000,
    nodes: [
      node(1, "(root)", "", [2, 4, 5, 6]),
      node(2, "send", OURS, [3]),
      node(3, "get", ""),
      node(4, "(garbage collector)", ""),
      node(5, "(idle)", ""),
      node(6, "parse", "node:internal/url"),
    ],
    samples: [2, 3, 3, 4, 5, 6],
    timeDeltas: [1000, 500, 500, 3000, 4000, 700],
  };
  const times = selfTimes(profile, (url) => url === OURS);
  expect(times.map(({ place, functionName, ms }) => [place, functionName, ms])).toEqual([
    ["(garbage collector)", "(garbage collector)", 3],
    [OURS, "send", 2],
    ["(other)", "parse", 0.7],
  ]);
});
