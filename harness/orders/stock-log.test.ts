import { expect, test } from "vitest";
import { StockLog } from "./stock-log.ts";

const entry = (left: number) => ({ left, atMs: 1, committedMs: 2 });
const leftOf = (log: StockLog): number[] => log.entries.map(({ left }) => left);

test("a change that is heard of early waits for the ones before it", () => {
  const log = new StockLog();
  log.add(3, entry(7));
  log.add(2, entry(8));
  expect(leftOf(log)).toEqual([]);
  log.add(1, entry(9));
  expect(leftOf(log)).toEqual([9, 8, 7]);
});

test("a change that nobody heard of is passed over once nothing is under way", () => {
  const log = new StockLog();
  log.add(1, entry(9));
  log.add(5, entry(5));
  log.add(3, entry(7));
  expect(leftOf(log)).toEqual([9]);
  log.skipMissing();
  expect(leftOf(log)).toEqual([9, 7, 5]);
  log.add(6, entry(4));
  expect(leftOf(log)).toEqual([9, 7, 5, 4]);
});
