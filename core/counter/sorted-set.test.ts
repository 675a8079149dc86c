import { deepStrictEqual, strictEqual } from "node:assert";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { add, createSortedSet, popUntil, remove } from "./sorted-set.ts";

const id = fc.integer({ min: 0, max: 120 }).map((n) => `r${n}`);
const timeMs = fc.integer({ min: 0, max: 30 });
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("add" as const), id, timeMs }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("remove" as const), id }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("pop" as const),
      timeMs,
      limit: fc.integer({ min: 1, max: 9 }),
    }),
  },
);

// Plain assertions: one of Vitest's, 50,000 times, takes longer than all the rest.
test("the sorted set pops in the order of a sorted list", () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 600, size: "max" }), (operations) => {
      const set = createSortedSet();
      let list: { id: string; timeMs: number }[] = [];
      for (const op of operations) {
        if (op.kind === "pop") {
          const due = list.filter((entry) => entry.timeMs <= op.timeMs).slice(0, op.limit);
          const popped = popUntil(set, op.timeMs, op.limit);
          deepStrictEqual(
            popped,
            due.map((entry) => entry.id),
          );
          list = list.filter((entry) => !due.includes(entry));
          continue;
        }
        list = list.filter((entry) => entry.id !== op.id);
        if (op.kind === "add") {
          list.push({ id: op.id, timeMs: op.timeMs });
          list.sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1));
          add(set, op.timeMs, op.id);
        } else remove(set, op.id);
        strictEqual(set.timeMsOf.size, list.length);
      }
    }),
    { numRuns: 100, seed: 12306 },
  );
});

test("the heap stays within twice what it holds, however much is removed", () => {
  const set = createSortedSet();
  for (let i = 0; i < 10_000; i += 1) {
    add(set, i, `r${i}`);
    if (i >= 100) remove(set, `r${i - 100}`);
  }
  expect(set.timeMsOf.size).toBe(100);
  expect(set.heapIds.length).toBeLessThanOrEqual(202);
  expect(set.heapTimesMs).toHaveLength(set.heapIds.length);
  expect(popUntil(set, 9901, 100)).toEqual(["r9900", "r9901"]);
});
