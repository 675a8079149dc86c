import { expect, test } from "vitest";
import { interfaceCost } from "./cost.ts";

test("FRR rounds, Cisco truncates, neither goes below 1 or beyond 16 bits", () => {
  expect(interfaceCost("frr", 100, 6)).toBe(17);
  expect(interfaceCost("cisco", 100, 6)).toBe(16);
  expect(interfaceCost("frr", 100, 8)).toBe(13);
  for (const rule of ["frr", "cisco"] as const) {
    expect(interfaceCost(rule, 100, 100_000)).toBe(1);
    expect(interfaceCost(rule, 100_000, 1)).toBe(65535);
  }
});
