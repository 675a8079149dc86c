/** Those who watch a sale from outside, past every proxy: they are there before it opens. */
import type { Strategy } from "../../core/strategy.ts";
import { EPOCH } from "../../sim/world/process-configs.ts";
import { connectOrderStore } from "../orders/store-client.ts";
import type { OrderStoreClient } from "../orders/store-client.ts";
import { openOutboxLog } from "../redis/outbox-log.ts";
import type { OutboxLog } from "../redis/outbox-log.ts";
import { ScriptCalls } from "./script-calls.ts";
import type { Stack } from "./stack.ts";

const CALL_TIMEOUT_MS = 5000;

export interface Observers {
  /** null for a counter without an outbox, and without a counter. */
  readonly log: OutboxLog | null;
  /** null if there are no orders. */
  readonly store: OrderStoreClient | null;
  /** null without a counter. */
  readonly scriptCalls: ScriptCalls | null;
  close(): Promise<void>;
}

/** Lets them in and opens the sale: nothing is issued that they do not see. */
export async function openSale(
  { counter, redisAddress, orderStore }: Stack,
  strategy: Strategy,
  saleId: string,
): Promise<Observers> {
  const store = orderStore === null ? null : await connectOrderStore(orderStore.address);
  let log: OutboxLog | null = null;
  let scriptCalls: ScriptCalls | null = null;
  if (counter !== null && redisAddress !== null) {
    scriptCalls = await ScriptCalls.open(redisAddress);
    if (strategy.counter.outbox !== null) {
      log = await openOutboxLog({ address: redisAddress, saleId, strategy });
      await log.poll();
    }
    await counter.call({ script: "open", epoch: EPOCH }, CALL_TIMEOUT_MS);
  }
  return {
    log,
    store,
    scriptCalls,
    async close() {
      await log?.close();
      await store?.close();
      await scriptCalls?.close();
    },
  };
}
