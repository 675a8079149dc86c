import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "./event-queue.ts";

/** Kinds of the test below that have a lane of their own. */
const LANE_KINDS = [0, 1, 2, 5, 7, 30, 31, 32];

/** Some pushes with delays from the last time popped, near each other or far apart; or a pop. */
const operations = fc.array(
  fc.oneof(
    fc.record({ push: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ push: fc.integer({ min: 0, max: 100 }) }),
    fc.constant("pop" as const),
  ),
  { maxLength: 150, size: "max" },
);

/** With few kinds lanes are long, and events overtake many others or too many. */
test.each([2, 6, 200])("events of %i kinds come out by time, then in the order pushed", (kinds) => {
  fc.assert(
    fc.property(operations, (steps) => {
      const queue = new EventQueue(LANE_KINDS);
      const model: { time: number; order: number }[] = [];
      let order = 0;
      let now = 0;
      for (const step of steps) {
        if (step === "pop") {
          model.sort((a, b) => a.time - b.time || a.order - b.order);
          const expected = model.shift();
          expect(queue.peekTime()).toBe(expected?.time ?? Infinity);
          expect(queue.pop()).toBe(expected !== undefined);
          if (expected === undefined) continue;
          expect([queue.time, queue.kind, queue.slot, queue.argument]).toEqual([
            expected.time,
            expected.order % kinds,
            -1 - expected.order,
            expected.order * 2 ** 33,
          ]);
          now = expected.time;
        } else {
          const time = now + step.push;
          queue.push(time, order % kinds, -1 - order, order * 2 ** 33);
          model.push({ time, order });
          order += 1;
        }
        expect(queue.size).toBe(model.length);
      }
    }),
  );
});

test("it grows past its first capacity", () => {
  const queue = new EventQueue();
  for (let i = 0; i < 5000; i += 1) queue.push((i * 7919) % 5000, 1, i, 0);
  let last = -1;
  for (let i = 0; i < 5000; i += 1) {
    queue.pop();
    expect(queue.time).toBe(last + 1);
    last = queue.time;
  }
});
