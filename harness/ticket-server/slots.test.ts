import { expect, test } from "vitest";
import { Slots } from "./slots.ts";

test("what was put is taken once, and its number is used again", () => {
  const slots = new Slots<string>();
  const [a, b] = [slots.put("a"), slots.put("b")];
  expect(slots.size).toBe(2);
  expect(slots.take(a)).toBe("a");
  expect(slots.take(a)).toBeNull();
  expect(slots.size).toBe(1);
  expect(slots.put("c")).toBe(a);
  expect([slots.take(a), slots.take(b), slots.size]).toEqual(["c", "b", 0]);
  expect([slots.take(-1), slots.take(7)]).toEqual([null, null]);
});
