import { describe, expect, test } from "vitest";
import type { Latch } from "./latch.ts";
import { createLatch, hear, isClosedFor, isFresh } from "./latch.ts";

/** epoch, generation, left, askedMs */
type Word = [number, number, number, number];

const latch = ([epoch, generation, left, askedMs]: Word): Latch => ({
  epoch,
  generation,
  left,
  askedMs,
});

describe("hears", () => {
  const known: Word = [2, 5, 3, 100];

  test.each<[string, Word, Word]>([
    ["a newer generation: it opens", [2, 6, 9, 100], [2, 6, 9, 100]],
    ["a newer generation that was asked earlier", [2, 6, 9, 90], [2, 6, 9, 90]],
    ["a newer generation without stock: it closes", [2, 6, 0, 100], [2, 6, 0, 100]],
    ["a newer epoch, whatever its generation", [3, 0, 9, 101], [3, 0, 9, 101]],
    ["a late SOLDOUT of an older generation: nothing", [2, 4, 0, 200], known],
    ["an older epoch, though its generation is higher: nothing", [1, 9, 0, 200], known],
    ["an older epoch of the same generation: nothing", [1, 5, 0, 200], known],
    ["the same generation with less: that is newer", [2, 5, 1, 120], [2, 5, 1, 120]],
    ["the same generation with more: overtaken on its way", [2, 5, 4, 90], known],
    ["the same generation, less, asked earlier", [2, 5, 1, 90], [2, 5, 1, 100]],
    ["the same generation, more, asked later", [2, 5, 4, 120], [2, 5, 3, 120]],
  ])("%s", (_what, [epoch, generation, left, askedMs], expected) => {
    const state = latch(known);
    hear(state, epoch, generation, left, askedMs);
    expect(state).toEqual(latch(expected));
  });

  test("the first word ever, of epoch 0 and generation 0", () => {
    const state = createLatch();
    hear(state, 0, 0, 4, 7);
    expect(state).toEqual(latch([0, 0, 4, 7]));
  });
});

test("a latch that has heard nothing is closed and stale", () => {
  const state = createLatch();
  expect(state).toEqual(latch([-1, -1, 0, Number.NEGATIVE_INFINITY]));
  expect(isClosedFor(state, 1)).toBe(true);
  expect(isFresh(state, 0, 1_000_000)).toBe(false);
});

test.each([
  [0, 1, true],
  [1, 1, false],
  [1, 2, true],
  [3, 2, false],
])("%i left is closed for %i: %s", (left, qty, closed) => {
  expect(isClosedFor(latch([0, 0, left, 0]), qty)).toBe(closed);
});

test.each([
  [100, true],
  [150, true],
  [150.5, false],
])("asked at 100, polled every 50: fresh at %f: %s", (nowMs, fresh) => {
  expect(isFresh(latch([0, 0, 0, 100]), nowMs, 50)).toBe(fresh);
});
