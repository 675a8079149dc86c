import { expect, test } from "vitest";
import { StationMeter } from "./station-meter.ts";

test("two requests, the second of which waits", () => {
  const meter = new StationMeter();
  meter.joins(1_000_000);
  meter.plans(1_000_000, 1_000_000, 3_000_000);
  meter.joins(2_000_000);
  meter.plans(2_000_000, 3_000_000, 5_000_000);
  meter.leaves(3_000_000);
  meter.leaves(5_000_000);
  meter.refuses();
  expect(meter.summary()).toMatchObject({
    arrivals: 2,
    refused: 1,
    waitedShare: 0.5,
    waitMeanUs: 500,
    sojournMeanUs: 2500,
    // One of them from 1 to 2 ms and from 3 to 5 ms, both from 2 to 3 ms, of 5 ms.
    inSystemMean: 1,
    inSystemMax: 2,
    inSystemAtEnd: 0,
    lastDepartureMs: 5,
  });
});

test("Little's law fails if a request leaves at another time than planned", () => {
  const meter = new StationMeter();
  meter.joins(0);
  meter.plans(0, 0, 1_000_000);
  meter.leaves(2_000_000);
  const { inSystemMean, arrivals, lastDepartureMs, sojournMeanUs } = meter.summary();
  expect(inSystemMean).toBe(1);
  expect((arrivals / (lastDepartureMs * 1000)) * sojournMeanUs).toBe(0.5);
});

test("whoever is still there counts until the last departure", () => {
  const meter = new StationMeter();
  meter.joins(0);
  meter.joins(2_000_000);
  meter.leaves(4_000_000);
  expect(meter.summary()).toMatchObject({ inSystemMean: 1.5, inSystemAtEnd: 1, inSystemMax: 2 });
});

test("an unused station has nothing to tell", () => {
  expect(new StationMeter().summary()).toEqual({
    arrivals: 0,
    refused: 0,
    waitedShare: 0,
    waitMeanUs: 0,
    sojournMeanUs: 0,
    sojournP99Us: 0,
    inSystemMean: 0,
    inSystemMax: 0,
    inSystemAtEnd: 0,
    lastDepartureMs: 0,
  });
});

test("departures told in advance are seen when their time comes", () => {
  const meter = new StationMeter();
  // Two workers: the second request is done before the first.
  const visit = (arrivalNs: number, doneNs: number): void => {
    meter.joins(arrivalNs);
    meter.plans(arrivalNs, arrivalNs, doneNs);
    meter.leavesAt(doneNs);
  };
  visit(1_000_000, 5_000_000);
  visit(2_000_000, 3_000_000);
  expect(meter.takePeak(2_500_000)).toBe(2);
  expect(meter.takePeak(4_000_000)).toBe(2);
  expect(meter.takePeak(4_500_000)).toBe(1);
  visit(6_000_000, 7_000_000);
  expect(meter.summary()).toMatchObject({
    arrivals: 3,
    inSystemMax: 2,
    inSystemAtEnd: 0,
    lastDepartureMs: 7,
    // 4 + 1 + 1 ms of presence in 7 ms.
    inSystemMean: 6 / 7,
  });
  expect(meter.takePeak(8_000_000)).toBe(1);
  expect(meter.takePeak(9_000_000)).toBe(0);
});
