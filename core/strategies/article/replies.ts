/** What the demo's two numbers look like as an answer of a counter. */
import type {
  CallOf,
  CounterAudit,
  CounterReply,
  ItemResult,
  ReserveItem,
} from "../../counter/calls.ts";

export interface ArticleNumbers {
  readonly total: number;
  readonly sold: number;
}

export function replyOf({ total, sold }: ArticleNumbers): CounterReply {
  return {
    error: null,
    code: "OK",
    epoch: 1,
    generation: 0,
    left: total - sold,
    timeMs: 0,
    results: [],
    swept: [],
    liveServers: 0,
    audit: null,
  };
}

export function resultOf(call: CallOf<"reserve">, item: ReserveItem, sells: boolean): ItemResult {
  return {
    code: sells ? "OK" : "SOLDOUT",
    state: sells ? "C" : "",
    deadlineMs: 0,
    server: call.server,
    incarnation: call.incarnation,
    qty: item.qty,
  };
}

export function auditOf({ total, sold }: ArticleNumbers): CounterAudit {
  return {
    total,
    sold,
    heldUnits: 0,
    confirmedUnits: sold,
    heldRows: 0,
    deadlines: 0,
    buyerUnits: 0,
    namedUnits: 0,
  };
}
