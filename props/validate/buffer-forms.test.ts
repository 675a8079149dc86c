/**
 * The buffer arithmetic against figures that were simulated by other means, for 100 slices of 100
 * tickets: they are good to a few units in their last place.
 */
import { describe, expect, test } from "vitest";
import {
  highestRandomLoad,
  paidAfterWaves,
  refusedWithStockLeft,
  safeBuffer,
  unsoldAtOneInstant,
  unsoldAtOwnInstants,
  unsoldAtThinDemand,
  unsoldAtThinDemandNormal,
} from "./buffer-forms.ts";

test("the smallest safe buffer", () => {
  const deaths = [1, 2, 3, 5, 10, 20, 34, 50];
  expect(deaths.map((k) => safeBuffer(100, 100, k))).toEqual([2, 3, 4, 6, 12, 25, 52, 100]);
  // Ten servers of 1000 tickets, two deaths.
  expect(safeBuffer(1000, 10, 2)).toBe(250);
});

describe("deaths during the sale", () => {
  test.each([
    [5, 2, 0.619, 96.0],
    [10, 6, 0.46, 105.4],
  ])("k = %d, B = %d at one instant: P %d, E %d", (deaths, buffer, probability, tickets) => {
    const unsold = unsoldAtOneInstant(100, 100, deaths, buffer);
    expect(unsold.probability).toBeCloseTo(probability, 2);
    expect(unsold.tickets / tickets).toBeCloseTo(1, 2);
  });

  test.each([
    [5, 2, 0.816, 66.4],
    [10, 6, 0.33, 20.1],
    [20, 12, 0.624, 75.3],
  ])("k = %d, B = %d at own instants: P %d, E %d", (deaths, buffer, probability, tickets) => {
    const unsold = unsoldAtOwnInstants(100, 100, deaths, buffer);
    expect(unsold.probability).toBeCloseTo(probability, 2);
    expect(Math.abs(unsold.tickets / tickets - 1)).toBeLessThan(0.02);
  });

  test("one death is the same either way, and a safe buffer leaves nothing", () => {
    const one = unsoldAtOneInstant(100, 10, 1, 3);
    const own = unsoldAtOwnInstants(100, 10, 1, 3);
    expect(own.probability).toBeCloseTo(one.probability, 12);
    expect(own.tickets).toBeCloseTo(one.tickets, 10);
    expect(unsoldAtOneInstant(100, 10, 1, 12)).toEqual({ probability: 0, tickets: 0 });
    expect(unsoldAtOwnInstants(100, 10, 1, 12)).toEqual({ probability: 0, tickets: 0 });
  });
});

describe("random balancing", () => {
  test.each([
    [0, 397],
    [5, 196],
    [10, 82],
    [20, 8],
  ])("thin demand, B = %d leaves %d", (buffer, unsold) => {
    const exact = unsoldAtThinDemand(10_000, 100, 100 + buffer, 10_000);
    const normal = unsoldAtThinDemandNormal(10_000, 100, 100 + buffer, 10_000);
    expect(Math.abs(exact - unsold)).toBeLessThan(4);
    expect(Math.abs(normal - exact)).toBeLessThan(4);
  });

  test.each([
    [1, 1048],
    [2, 716],
    [5, 322],
    [12, 71],
    [25, 2.6],
  ])("B = %d refuses %d while others have stock", (buffer, refused) => {
    const form = refusedWithStockLeft(100, 100, buffer);
    expect(Math.abs(form / refused - 1)).toBeLessThan(0.1);
  });

  test("the busiest server", () => {
    expect(highestRandomLoad(100, 100)).toBeCloseTo(126, 0);
    expect(highestRandomLoad(1, 100)).toBeCloseTo(100, 6);
  });
});

test("payment waves", () => {
  expect(paidAfterWaves(1000, 0.5, 0)).toBe(500);
  expect(paidAfterWaves(1000, 0.5, 2)).toBe(875);
});
