import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "../kernel/event-queue.ts";
import { ObjectHeap } from "./object-heap.ts";

test("the heap of objects, measured beside the kernel's queue, gives the same order", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20 }), { minLength: 1 }), (times) => {
      const heap = new ObjectHeap();
      const queue = new EventQueue();
      times.forEach((time, i) => {
        heap.push(time, 0, i, 0);
        queue.push(time, 0, i, 0);
      });
      for (let i = 0; i < times.length; i += 1) {
        queue.pop();
        expect(heap.pop().slot).toBe(queue.slot);
      }
    }),
  );
});
