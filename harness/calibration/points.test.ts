/** Predictions against repeats, by hand. */
import { expect, test } from "vitest";
import { outsideBands } from "./file.ts";
import { measuresOf } from "./measures.ts";
import type { Measures } from "./measures.ts";
import { pointsOf } from "./points.ts";

const measures = (meanMs: number, p99Ms: number | null = 4 * meanMs): Measures => ({
  meanMs,
  p50Ms: meanMs,
  p99Ms,
  throughputPerSecond: 100,
  utilisation: 0.5,
});

test("a prediction is compared with the median of the repeats, by its share of it", () => {
  const prediction = { loadPercent: 50, isOverload: false, measures: measures(12) };
  const repeats = [9, 10, 70, 8, 11].map((meanMs) => measures(meanMs));
  const points = pointsOf(prediction, repeats);
  expect(points[0]).toEqual({
    loadPercent: 50,
    measure: "mean response",
    unit: "ms",
    predicted: 12,
    measured: 10,
    error: 0.2,
    band: 0.15,
  });
  // The p99 is off by as much, and may be.
  expect(outsideBands({ points }).map(({ measure }) => measure)).toEqual([
    "mean response",
    "p50 response",
  ]);
});

test("too little is outside as too much is", () => {
  const prediction = { loadPercent: 50, isOverload: false, measures: measures(8) };
  expect(outsideBands({ points: pointsOf(prediction, [measures(10)]) })).toHaveLength(2);
});

test("a p99 needs ten values beyond it", () => {
  const sampleOf = (requests: number) => {
    const dueMs = Array.from({ length: requests }, (_, i) => 10 * i);
    const endMs = dueMs.map((due, i) => due + 1 + i / requests);
    return { dueMs, sentMs: dueMs, endMs };
  };
  expect(measuresOf(sampleOf(999), 0).p99Ms).toBeNull();
  expect(measuresOf(sampleOf(1000), 0).p99Ms).toBeCloseTo(1.989, 6);
  const few = { loadPercent: 50, isOverload: false, measures: measures(10, null) };
  expect(pointsOf(few, [measures(10, null)]).map(({ measure }) => measure)).not.toContain(
    "p99 response",
  );
});

test("responses count from the intended start, and the flow from the first arrival on", () => {
  const { meanMs, throughputPerSecond, utilisation } = measuresOf(
    { dueMs: [100, 200], sentMs: [103, 200], endMs: [110, 300] },
    50_000,
  );
  expect(meanMs).toBe(55);
  expect(throughputPerSecond).toBe(10);
  expect(utilisation).toBe(0.25);
});
