/** What a counter answers, with a default for everything that a test does not speak of. */
import type { CounterReply, ItemCode, ItemResult } from "../counter/calls.ts";

/** Counter time of a reply that does not say another. */
export const COUNTER_MS = 500_000;

export function reply(fields: Partial<CounterReply> = {}): CounterReply {
  return {
    error: null,
    code: "OK",
    epoch: 7,
    generation: 0,
    left: 100,
    timeMs: COUNTER_MS,
    results: [],
    swept: [],
    liveServers: 0,
    audit: null,
    ...fields,
  };
}

/** The answer to one item where there is no row, or with the fields of one. */
export function result(code: ItemCode, row: Partial<ItemResult> = {}): ItemResult {
  return { code, state: "", deadlineMs: 0, server: "", incarnation: 0, qty: 0, ...row };
}

/** A row that the server `s1` holds since its first start. */
export const HELD: Partial<ItemResult> = {
  state: "H",
  deadlineMs: COUNTER_MS + 10_000,
  server: "s1",
  incarnation: 0,
  qty: 1,
};
