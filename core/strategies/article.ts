/**
 * The published demo, its bugs kept, as a specimen: it oversells by one and undersells by one per
 * server. Never a model to follow.
 *
 * - The local check increments first and compares with `<`, so a quota of 150 sells 149.
 * - The Lua script tests `total >= sold` before it increments, so the counter sells one too many.
 * - A local slot spent on a refused or failed global call is never given back.
 * - An error, a timeout and "sold out" are one answer.
 * - One lock is held across the Redis round trip.
 * - There is no reservation, no deadline, no order and no request id: a retry deducts twice.
 */
import type { ServerConfig, ServerEffect, ServerInput, Strategy } from "../strategy.ts";
import { articleCounter } from "./article/counter.ts";
import type { ArticleCounter } from "./article/counter.ts";

interface ArticleServer {
  readonly config: ServerConfig;
  readonly localInStock: number;
  localSales: number;
  nextOp: number;
  /** Who holds the lock, waiting for Redis; null when it is free. */
  holder: { readonly handle: number; readonly id: string; readonly op: number } | null;
  /** Who waits for the lock. */
  queue: { readonly handle: number; readonly id: string }[];
}

function step(state: ArticleServer, input: ServerInput, _nowMs: number, out: ServerEffect[]): void {
  switch (input.type) {
    case "buy":
      state.queue.push(input);
      sellNext(state, out);
      return;
    case "counter-reply":
    case "counter-failed": {
      const holder = state.holder;
      if (holder === null || holder.op !== input.op) return;
      state.holder = null;
      const sold = input.type === "counter-reply" && input.reply.results[0]?.code === "OK";
      const { handle, id } = holder;
      out.push(
        sold
          ? { type: "answer", handle, answer: "ACK", id, claim: "sale", deadlineMs: 0, paid: true }
          : { type: "answer", handle, answer: "SOLDOUT", id },
      );
      sellNext(state, out);
      return;
    }
    case "query":
      // There is nothing to ask: the demo keeps no record of who bought.
      out.push({ type: "answer", handle: input.handle, answer: "UNKNOWN", id: input.id });
      return;
    case "pay":
      out.push({ type: "pay-answer", handle: input.handle, answer: "PAID" });
      return;
    case "cancel":
      out.push({ type: "cancel-answer", handle: input.handle, answer: "CONFIRMED" });
      return;
    default:
      return;
  }
}

function sellNext(state: ArticleServer, out: ServerEffect[]): void {
  while (state.holder === null && state.queue.length > 0) {
    const { handle, id } = state.queue.shift()!;
    state.localSales += 1;
    if (state.localSales < state.localInStock) {
      const op = state.nextOp;
      state.nextOp += 1;
      state.holder = { handle, id, op };
      const { name, incarnation, epoch, rules } = state.config;
      const item = {
        id,
        qty: 1,
        buyer: "",
        ttlMs: 0,
        maxPerBuyer: 0,
        requestDeadlineMs: 0,
      };
      const call = { script: "reserve", epoch, server: name, incarnation, items: [item] } as const;
      out.push({ type: "call-counter", op, call, timeoutMs: rules.callTimeoutMs });
    } else {
      out.push({ type: "answer", handle, answer: "SOLDOUT", id });
    }
  }
}

export const article: Strategy<ArticleServer, ArticleCounter> = {
  name: "article",
  summary: "the published demo with its bugs: oversells by one, undersells by one per server",
  authority: "counter",
  server: {
    create: (config) => ({
      config,
      // A restarted demo forgets what it sold.
      localInStock: config.slice + config.buffer,
      localSales: 0,
      nextOp: 1,
      holder: null,
      queue: [],
    }),
    quickRefusal: (state) =>
      state.holder === null && state.localSales + 1 >= state.localInStock ? "SOLDOUT" : null,
    step,
  },
  counter: articleCounter,
};
