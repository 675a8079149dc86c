import { expect, test } from "vitest";
import { Steps } from "./steps.ts";

test("extremes over closed intervals, what may not have happened yet included", () => {
  const steps = new Steps(5);
  steps.set(10, 3);
  steps.set(10, 4);
  steps.set(20, 9);
  steps.set(15, 1);
  steps.set(30, 2);
  const range = (fromMs: number, toMs: number) => [
    steps.least(fromMs, toMs),
    steps.most(fromMs, toMs),
  ];
  expect(range(0, 9)).toEqual([5, 5]);
  expect(range(0, 10)).toEqual([3, 5]);
  expect(range(10, 10)).toEqual([3, 5]);
  expect(range(11, 19)).toEqual([4, 4]);
  expect(range(11, 20)).toEqual([1, 9]);
  expect(range(21, 29)).toEqual([1, 1]);
  expect(range(30, 99)).toEqual([1, 2]);
  expect(range(31, 99)).toEqual([2, 2]);
});
