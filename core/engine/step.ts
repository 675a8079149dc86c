/**
 * The pre-deduct ticket server: admit from the quota in memory, confirm with the counter, answer.
 *
 * This file says which input does what; `admission.ts` decides on a request, `batches.ts` talks to
 * the counter, `replies.ts` acts on its answers, `unresolved.ts` finds out lost outcomes.
 */
import type { ServerEffect, ServerInput } from "../strategy.ts";
import { admit, askForWord } from "./admission.ts";
import { enqueue, flush } from "./batches.ts";
import { counterFailed, counterReplied } from "./replies.ts";
import type { EngineState } from "./state.ts";
import { settleTimer } from "./unresolved.ts";

export function step(
  state: EngineState,
  input: ServerInput,
  nowMs: number,
  out: ServerEffect[],
): void {
  switch (input.type) {
    case "start":
      // The first word of the counter tells epoch, stock and time before any buyer comes.
      askForWord(state, nowMs, out);
      return;
    case "buy":
      admit(state, input, nowMs, out);
      return;
    case "pay":
      enqueue(
        state,
        {
          script: "confirm",
          item: { id: input.id, paymentId: input.paymentId },
          handle: input.handle,
        },
        out,
      );
      return;
    case "cancel":
      enqueue(state, { script: "release", item: { id: input.id }, handle: input.handle }, out);
      return;
    case "query":
      // Behind the reservation, if it still queues: settle tells the truth of whatever came before.
      enqueue(state, { script: "settle", item: { id: input.id }, handle: input.handle }, out);
      return;
    case "flush":
      flush(state, nowMs, out);
      return;
    case "counter-reply":
      counterReplied(state, input.op, input.reply, nowMs, out);
      return;
    case "counter-failed":
      counterFailed(state, input.op, input.error, nowMs, out);
      return;
    case "timer":
      settleTimer(state, out);
      return;
    case "drain":
      state.draining = true;
      return;
    case "database-reply":
    case "database-failed":
      throw new Error(`pre-deduct servers make no database calls, yet got ${input.type}`);
  }
}
