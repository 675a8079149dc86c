/** One sale and one ticket server for tests: small round numbers that no two rules share. */
import type { SaleRules, ServerConfig, ServerRules } from "../strategy.ts";

export const SALE: SaleRules = {
  saleId: "sale",
  tickets: 100,
  holdMs: 10_000,
  graceMs: 500,
  maxPerBuyer: 4,
  latePayment: "revive",
  retainMs: 60_000,
};

export const RULES: ServerRules = {
  refill: "on-demand",
  pollMs: 100,
  callTimeoutMs: 1000,
  requestLifetimeMs: 3000,
  settleMs: 250,
  batchMax: 3,
  inflightMax: 2,
  waitingMax: 5,
  liveMs: 2000,
};

/** The first start of the server `s1`, with a quota of 5. */
export const CONFIG: ServerConfig = {
  name: "s1",
  incarnation: 0,
  slice: 4,
  buffer: 1,
  epoch: 7,
  sale: SALE,
  rules: RULES,
};
