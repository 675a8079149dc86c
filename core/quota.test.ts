import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bufferFor, deathsSurvived, slices } from "./quota.ts";

const equal = (servers: number, slice: number): number[] => Array<number>(servers).fill(slice);

describe("slices", () => {
  test.each<[number, number[], number[]]>([
    [10_000, [1, 2, 3, 4], [1000, 2000, 3000, 4000]],
    // Exact shares 10.1, 20.2, 30.3, 40.4: the largest remainder gets the odd one.
    [101, [1, 2, 3, 4], [10, 20, 30, 41]],
    // 10.7, 21.4, 32.1, 42.8: two left over, for .8 and .7.
    [107, [1, 2, 3, 4], [11, 21, 32, 43]],
    // Equal remainders go to the lower index.
    [5, [1, 1, 1], [2, 2, 1]],
    [4, [1, 1, 1], [2, 1, 1]],
    [3, [0, 1], [0, 3]],
    [0, [1, 2], [0, 0]],
    [7, [5], [7]],
  ])("%i tickets by weights %j", (tickets, weights, expected) => {
    expect(slices(tickets, weights)).toEqual(expected);
  });

  test.each([[[]], [[0, 0]]])("weights %j cannot share anything", (weights) => {
    expect(() => slices(10, weights)).toThrow(RangeError);
    expect(() => slices(10, weights)).toThrow("slices need at least one positive weight");
  });

  test("add up to the tickets, each within one of its exact share", () => {
    const weightings = fc
      .array(fc.nat(50), { minLength: 1, maxLength: 20 })
      .filter((weights) => weights.some((weight) => weight > 0));
    fc.assert(
      fc.property(fc.nat(1_000_000), weightings, (tickets, weights) => {
        const weightTotal = weights.reduce((sum, weight) => sum + weight);
        const shares = slices(tickets, weights);
        expect(shares.reduce((sum, share) => sum + share)).toBe(tickets);
        shares.forEach((share, i) => {
          expect(Math.abs(share - (tickets * weights[i]) / weightTotal)).toBeLessThan(1);
        });
      }),
      { seed: 12306 },
    );
  });
});

describe("how many deaths a buffer survives", () => {
  test("10,000 tickets on 10 servers: a buffer of 250 survives 2 deaths, 249 does not", () => {
    expect(deathsSurvived(10_000, equal(10, 1000), 250)).toBe(2);
    expect(deathsSurvived(10_000, equal(10, 1000), 249)).toBe(1);
    expect(bufferFor(10_000, equal(10, 1000), 2)).toBe(250);
  });

  test.each([
    [1, 2],
    [2, 3],
    [3, 4],
    [5, 6],
    [10, 12],
    [20, 25],
    [34, 52],
    [50, 100],
  ])("100 servers with a slice of 100: %i deaths need a buffer of %i", (deaths, buffer) => {
    const hundred = equal(100, 100);
    expect(bufferFor(10_000, hundred, deaths)).toBe(buffer);
    expect(deathsSurvived(10_000, hundred, buffer)).toBeGreaterThanOrEqual(deaths);
    expect(deathsSurvived(10_000, hundred, buffer - 1)).toBeLessThan(deaths);
  });

  test.each<[string, number, number[], number, number]>([
    ["none, without a buffer", 100, [25, 25, 25, 25], 0, 0],
    ["quota that cannot sell everything even alive", 101, [25, 25, 25, 25], 0, -1],
    ["the largest slice is lost: 40 + 4 of 116", 72, [10, 20, 30, 40], 4, 1],
    ["one ticket more", 73, [10, 20, 30, 40], 4, 0],
    ["the order of the servers is nothing", 72, [40, 10, 30, 20], 4, 1],
    ["a spare server for each", 10, [10, 0, 0], 10, 2],
    ["nothing to sell", 0, [1, 2], 0, 2],
  ])("%s", (_what, tickets, serverSlices, buffer, deaths) => {
    expect(deathsSurvived(tickets, serverSlices, buffer)).toBe(deaths);
  });

  test.each<[number[], number, number]>([
    [[10, 20, 30, 40], 0, 0],
    // Without the 40, three servers cover 60 of 100.
    [[10, 20, 30, 40], 1, 14],
    [[40, 30, 20, 10], 2, 35],
    [[10, 20, 30, 40], 3, 90],
    [[200, 200], 1, 0],
  ])("slices %j of 100 tickets, %i deaths: buffer %i", (serverSlices, deaths, buffer) => {
    expect(bufferFor(100, serverSlices, deaths)).toBe(buffer);
  });

  test.each([3, 4])("no buffer survives %i deaths of 3", (deaths) => {
    expect(() => bufferFor(10, [1, 1, 1], deaths)).toThrow(RangeError);
    expect(() => bufferFor(10, [1, 1, 1], deaths)).toThrow("death of every server");
  });

  test("bufferFor is the smallest buffer that survives, for any weights", () => {
    const weightings = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        weightings,
        fc.nat(),
        (tickets, weights, n) => {
          const deaths = n % weights.length;
          const shares = slices(tickets, weights);
          const buffer = bufferFor(tickets, shares, deaths);
          expect(deathsSurvived(tickets, shares, buffer)).toBeGreaterThanOrEqual(deaths);
          if (buffer > 0) expect(deathsSurvived(tickets, shares, buffer - 1)).toBeLessThan(deaths);
        },
      ),
      { seed: 12306 },
    );
  });
});
