import { describe, expect, test } from "vitest";
import { Randomness } from "../kernel/random.ts";
import { FlowHash, pathBounds, pickPath, pickWeightedPath } from "./ecmp.ts";

const VIP = 0x0a640001;
const TCP = 6;
const stream = new Randomness(12306n).stream("buyers");
const client = (id: number) => 0x0a320000 + stream.integer(id, 65536);
const port = (id: number) => 1024 + stream.integer(id, 60000, 1);
const FLOWS = 20_000;

describe("the flow hash", () => {
  test("is pinned", () => {
    const values = [0, 1].map((policy) => {
      const hash = new FlowHash(12306, policy as 0 | 1);
      return hash.hash31(0x0a3202a7, 0x0a640002, 17, 50899, 443);
    });
    expect(values).toMatchInlineSnapshot(`
      [
        664925843,
        657329217,
      ]
    `);
  });

  test("is the same in both directions", () => {
    const hash = new FlowHash(7, 1);
    for (let id = 0; id < 200; id++) {
      const there = hash.hash31(client(id), VIP, TCP, port(id), 443);
      expect(hash.hash31(VIP, client(id), TCP, 443, port(id))).toBe(there);
    }
  });

  test("under policy 0 looks at addresses only, under policy 1 at all five", () => {
    const byAddress = new FlowHash(7, 0);
    expect(byAddress.hash31(1, 2, 17, 3, 4)).toBe(byAddress.hash31(1, 2, TCP, 5, 6));
    const byFlow = new FlowHash(7, 1);
    const hashes = [
      byFlow.hash31(1, 2, TCP, 3, 4),
      byFlow.hash31(9, 2, TCP, 3, 4),
      byFlow.hash31(1, 9, TCP, 3, 4),
      byFlow.hash31(1, 2, 17, 3, 4),
      byFlow.hash31(1, 2, TCP, 9, 4),
      byFlow.hash31(1, 2, TCP, 3, 9),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test("does not depend on what was hashed before", () => {
    const hash = new FlowHash(7, 1);
    const before = hash.hash31(1, 2, TCP, 3, 4);
    hash.hash31(5, 6, 17, 7, 8);
    expect(hash.hash31(1, 2, TCP, 3, 4)).toBe(before);
  });
});

describe("the choice of a path", () => {
  test("equal paths are weighted paths of one weight, at every edge", () => {
    for (let count = 1; count <= 256; count++) {
      const bounds = pathBounds(Array.from({ length: count }, () => 1));
      expect(bounds.at(-1)).toBe(2 ** 31 - 1);
      bounds.forEach((bound, path) => {
        expect(pickPath(bound, count)).toBe(path);
        expect(pickWeightedPath(bound, bounds)).toBe(path);
        if (path + 1 < count) expect(pickPath(bound + 1, count)).toBe(path + 1);
      });
      expect(pickPath(0, count)).toBe(0);
    }
  });

  test("weights are shares", () => {
    const weights = [1, 1, 2, 3, 1, 4];
    const bounds = pathBounds(weights);
    const hash = new FlowHash(12306, 1);
    const counts = weights.map(() => 0);
    for (let id = 0; id < FLOWS; id++) {
      counts[pickWeightedPath(hash.hash31(client(id), VIP, TCP, port(id), 443), bounds)] += 1;
    }
    counts.forEach((count, path) => expect((count / FLOWS) * 12).toBeCloseTo(weights[path], 0));
  });

  // Not consistent hashing: the bounds of the paths that are left are drawn afresh.
  test.each([
    [0, 0.4],
    [2, 0.16],
    [5, 0.4],
  ])("when path %i of six dies, about %f of the other flows move", (dead, share) => {
    const hash = new FlowHash(12306, 1);
    const rest = [0, 1, 2, 3, 4, 5].filter((path) => path !== dead);
    let survivors = 0;
    let moved = 0;
    for (let id = 0; id < FLOWS; id++) {
      const value = hash.hash31(client(id), VIP, TCP, port(id), 443);
      const before = pickPath(value, 6);
      if (before === dead) continue;
      survivors += 1;
      if (rest[pickPath(value, 5)] !== before) moved += 1;
    }
    expect(Math.abs(moved / survivors - share)).toBeLessThan(0.02);
  });
});
