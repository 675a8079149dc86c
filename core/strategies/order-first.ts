/**
 * Order first: create the order row and decrement the stock row in one transaction, then wait for
 * payment. Its failure: nothing ever takes an unpaid order's ticket back, so hoarders keep seats.
 */
import type { Strategy } from "../strategy.ts";
import { databaseServer, NO_COUNTER } from "./database-server.ts";

export const orderFirst: Strategy = {
  name: "order-first",
  summary: "order and stock row in one transaction, then payment: hoarders keep seats",
  authority: "database",
  server: databaseServer({ place: "place-and-deduct", pay: "pay", claim: "hold" }),
  counter: NO_COUNTER,
};
