import { expect, test } from "vitest";
import { SpfThrottle } from "./throttle.ts";

const MS = 1e6;

/** Requests SPF again and again as soon as a run is over; times of the runs in milliseconds. */
function backToBack(growth: "linear" | "double", count: number): number[] {
  const throttle = new SpfThrottle({ delayMs: 10, holdMs: 100, maxMs: 500, growth });
  const runs: number[] = [];
  let nowNs = 0;
  while (runs.length < count) {
    nowNs = throttle.request(nowNs)!;
    throttle.ran(nowNs);
    runs.push(nowNs / MS);
  }
  return runs;
}

const gaps = (times: number[]) => times.slice(1).map((time, i) => time - times[i]);

test("gaps grow to the maximum", () => {
  expect(gaps(backToBack("linear", 8))).toEqual([100, 200, 300, 400, 500, 500, 500]);
  expect(gaps(backToBack("double", 6))).toEqual([100, 200, 400, 500, 500]);
});

test("quiet brings the first delay back", () => {
  const throttle = new SpfThrottle({ delayMs: 10, holdMs: 100, maxMs: 500, growth: "linear" });
  throttle.ran(throttle.request(0)!);
  throttle.ran(throttle.request(20 * MS)!);
  expect(throttle.request(400 * MS)).toBe(410 * MS);
});

test("a pending run takes further changes along", () => {
  const throttle = new SpfThrottle({ delayMs: 10, holdMs: 100, maxMs: 500, growth: "linear" });
  expect(throttle.request(0)).toBe(10 * MS);
  expect(throttle.request(5 * MS)).toBeUndefined();
});
