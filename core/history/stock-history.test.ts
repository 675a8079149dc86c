import { expect, test } from "vitest";
import type { HistoryRecord } from "./records.ts";
import { StockHistory } from "./stock-history.ts";
import { call, tale } from "./testing/tale.ts";

test("dates never go back: the order is the stream's", () => {
  const stock = new StockHistory(tale([]));
  stock.changed(1, 0, 10);
  stock.changed(2, 0, 5);
  stock.changed(1, 1, 20);
  expect(stock.steps).toEqual([
    { atMs: 10, held: 1, confirmed: 0, free: 2 },
    { atMs: 10, held: 2, confirmed: 0, free: 1 },
    { atMs: 20, held: 1, confirmed: 1, free: 1 },
  ]);
});

test("by the stock row: as many are paid as were acknowledged, from the moment that somebody heard it", () => {
  const stock = (atMs: number, left: number): HistoryRecord => ({ type: "stock", atMs, left });
  const { steps } = new StockHistory(
    tale(
      [
        call("buy", "a", [10, 14], "ACK"),
        call("buy", "a", [15, 18], "TRYAGAIN", { qty: 2 }),
        stock(12, 2),
        call("pay", "a", [20, 25], "PAID"),
        call("pay", "a", [20, 28], "PAID"),
        stock(25, 1),
      ],
      { source: "stock", authority: "database" },
    ),
  );
  expect(steps).toEqual([
    { atMs: 12, held: 1, confirmed: 0, free: 2 },
    { atMs: 25, held: 0, confirmed: 1, free: 2 },
    { atMs: 25, held: 1, confirmed: 1, free: 1 },
  ]);
});
