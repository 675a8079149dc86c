/** One sale of three tickets in which everything happens once, and rightly. */
import type { HistoryRecord } from "../records.ts";
import { audit, book, call, charge, issued, order } from "./tale.ts";

/**
 * a pays. b never does. c is told SOLDOUT, comes back, loses the answer, asks, pays too late and is
 * revived. e gives his ticket back. f pays twice. g comes when all is sold.
 */
export const GOOD_SALE: readonly HistoryRecord[] = [
  call("buy", "a", [10, 14], "ACK"),
  issued("H", "a", 12),
  call("buy", "b", [10, 15], "ACK"),
  issued("H", "b", 13),
  call("buy", "e", [16, 20], "ACK"),
  issued("H", "e", 18),
  call("buy", "a.1", [25, 29], "USERLIMIT", { final: true }),
  charge("a", 30, 114),
  call("pay", "a", [31, 35], "PAID"),
  issued("C", "a", 33),
  call("cancel", "e", [40, 44], "CANCELLED"),
  issued("L", "e", 42),
  call("buy", "f", [50, 54], "ACK"),
  issued("H", "f", 52),
  charge("f", 60, 154),
  charge("f", 60, 154, "pay-again-f"),
  call("pay", "f", [61, 65], "PAID"),
  issued("C", "f", 63),
  call("pay", "f", [61, 66], "REFUND", { paymentId: "pay-again-f" }),
  issued("refund", "f", 64, { paymentId: "pay-again-f" }),
  call("buy", "c", [70, 74], "SOLDOUT"),
  issued("X", "b", 135),
  call("buy", "c.1", [150, 180], "NONE"),
  issued("H", "c.1", 152),
  call("query", "c.1", [200, 204], "ACK", { deadlineMs: 1_000_252 }),
  charge("c.1", 260, 252),
  issued("X", "c.1", 273),
  call("pay", "c.1", [280, 284], "PAID"),
  issued("C", "c.1", 282),
  call("cancel", "a", [285, 288], "CONFIRMED"),
  call("buy", "g", [290, 294], "SOLDOUT", { final: true }),
  { type: "fault", kind: "redis-stall", target: null, atMs: 150, endMs: 190 },
  { type: "settled", atMs: 300 },
  audit(310, 3, 3),
  order("a", "C"),
  order("b", "X"),
  order("e", "L"),
  order("f", "C"),
  order("c.1", "C"),
  { type: "refund", paymentId: "pay-again-f", id: "f" },
  book(311, 0, 0),
];
