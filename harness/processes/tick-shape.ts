/**
 * Keeps process.nextTick fast, in every process that imports this before anything else.
 *
 * Node makes an object for each tick, and a request takes half a dozen. V8 makes them with a few
 * stores as long as it knows their shape, which it holds weakly: a full collection while no tick is
 * due drops it, and V8 does not learn it anew, so that every tick costs many times as much from
 * then on. A server that has idled before its sale opens has been through such a collection; most
 * have one while they load. One tick object that stays keeps the shape. Seen in Node 20.
 */
import { executionAsyncResource } from "node:async_hooks";

/** Exported so that the module, which stays loaded, holds it. */
export const tickShape: object = await new Promise((resolve) => {
  process.nextTick(() => resolve(executionAsyncResource()));
});
