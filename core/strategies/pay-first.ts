/**
 * Pay first: create the order, take the money, then decrement. Its failure: more buyers pay than
 * there are tickets, and those who come late are charged in vain.
 */
import type { Strategy } from "../strategy.ts";
import { databaseServer, NO_COUNTER } from "./database-server.ts";

export const payFirst: Strategy = {
  name: "pay-first",
  summary: "stock is deducted at payment: more buyers are charged than there are tickets",
  authority: "database",
  server: databaseServer({ place: "place", pay: "pay-and-deduct", claim: "order" }),
  counter: NO_COUNTER,
};
