/** The order worker acknowledges what it has read, and then records it: what it dies with is lost. */
import { patch } from "../mutant.ts";
import type { Mutant } from "../mutant.ts";

export const mutant: Mutant = {
  id: "50a",
  title: "XACK before work",
  breaks: ["one-order"],
  typescript: [
    patch(
      "core/orders/worker.ts",
      `type: "call-database",
        op: state.cycleOp,
        call: { call: "record", events: input.events },`,
      `type: "ack-outbox",
        op: state.cycleOp,
        positions: input.events.map((event) => event.position),`,
    ),
    patch(
      "core/orders/worker.ts",
      'case "acked":\n      if (input.op === state.cycleOp) read',
      'case "database-reply":\n      if (input.op === state.cycleOp) read',
    ),
    patch(
      "core/orders/worker.ts",
      'case "database-reply":\n      if (input.op !== state.cycleOp) return;',
      'case "acked":\n      if (input.op !== state.cycleOp) return;\n      planted();',
    ),
    patch(
      "core/orders/worker.ts",
      `type: "ack-outbox",
        op: state.cycleOp,
        positions: state.events.map((event) => event.position),`,
      `type: "call-database",
        op: state.cycleOp,
        call: { call: "record", events: state.events },`,
    ),
  ],
  lua: [],
};
