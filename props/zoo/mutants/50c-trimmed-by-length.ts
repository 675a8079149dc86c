/**
 * The stream keeps its newest entries, written to the order book or not: MAXLEN drops orders
 * silently.
 */
import { breed } from "../breed.ts";
import { lua, patch } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "50c",
  title: "trim",
  breaks: ["one-order"],
  typescript: [
    patch(
      "core/counter/outbox.ts",
      "  const position = String(outbox.firstPosition + outbox.events.length);",
      `  while (outbox.events.length > 2 && planted()) {
    outbox.events.shift();
    outbox.pending.delete(outbox.firstPosition);
    outbox.lastDelivered = Math.max(outbox.lastDelivered, outbox.firstPosition);
    outbox.firstPosition += 1;
  }
  const position = String(outbox.firstPosition + outbox.events.length);`,
    ),
  ],
  lua: [
    lua(
      "prelude.lua",
      "redis.call('XADD', KEY_OUTBOX, '*',",
      "redis.call('XADD', KEY_OUTBOX, 'MAXLEN', planted() and '3', '*',",
    ),
  ],
};

export default await breed(mutant);
