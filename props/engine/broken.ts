/**
 * Engines and counters that are broken on purpose, in one place each: what the property would be
 * worth if it did not notice them is nothing.
 */
import type { InvariantName } from "../../core/invariants/findings.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { DEFINITE_ERRORS } from "../../core/strategy.ts";
import type { ServerEffect } from "../../core/strategy.ts";
import type { PreDeduct } from "./world.ts";

export interface Broken {
  readonly what: string;
  /** It may be seen as any of these, whichever comes first. */
  readonly breaks: readonly InvariantName[];
  readonly strategy: PreDeduct;
}

const { server, counter } = preDeduct;

/** The counter forgets whose id it is, and deducts for a repeated request as for a new one. */
const withoutRequestIds: PreDeduct = {
  ...preDeduct,
  counter: {
    ...counter,
    apply(state, call, redisTimeMs) {
      if (call.script === "reserve") for (const { id } of call.items) state.rows.delete(id);
      return counter.apply(state, call, redisTimeMs);
    },
  },
};

/** With the counter out of reach the server sells from its slice. */
const failsOpen: PreDeduct = {
  ...preDeduct,
  server: {
    ...server,
    step(state, input, nowMs, out) {
      const effects: ServerEffect[] = [];
      server.step(state, input, nowMs, effects);
      for (const effect of effects) {
        const isGuess =
          input.type === "counter-failed" && effect.type === "answer" && effect.answer !== "ACK";
        if (isGuess) {
          const { handle, id } = effect;
          const terms = { claim: "hold", deadlineMs: 1, paid: false } as const;
          out.push({ type: "answer", handle, answer: "ACK", id, ...terms });
        } else {
          out.push(effect);
        }
      }
    },
  },
};

/** A late SOLDOUT of an old generation closes the latch for ever. */
const latchedForEver: PreDeduct = {
  ...preDeduct,
  server: {
    ...server,
    step(state, input, nowMs, out) {
      const { latch } = state;
      const wasClosed = latch.generation >= 0 && latch.left === 0;
      server.step(state, input, nowMs, out);
      if (!wasClosed) return;
      latch.left = 0;
      latch.askedMs = nowMs;
    },
  },
};

/** A reply that was read long after its call is told as if it were new. */
const believesOldReplies: PreDeduct = {
  ...preDeduct,
  server: {
    ...server,
    step(state, input, nowMs, out) {
      const batch = input.type === "counter-reply" ? state.inflight.get(input.op) : undefined;
      if (batch !== undefined && input.type === "counter-reply")
        state.inflight.set(input.op, { ...batch, sentMs: nowMs });
      server.step(state, input, nowMs, out);
    },
  },
};

/** A timeout is a refusal, though the call may have run: nobody asks what became of it. */
const timeoutIsRefusal: PreDeduct = {
  ...preDeduct,
  server: {
    ...server,
    step(state, input, nowMs, out) {
      const refused =
        input.type === "counter-failed" ? { ...input, error: DEFINITE_ERRORS[0] } : input;
      server.step(state, refused, nowMs, out);
      if (input.type === "counter-failed")
        for (const [i, effect] of out.entries())
          if (effect.type === "answer" && effect.answer === "TRYAGAIN")
            out[i] = { type: "answer", handle: effect.handle, answer: "SOLDOUT", id: effect.id };
    },
  },
};

/** The sweeper goes by the deadline set alone, and takes back what has been paid. */
const sweepsPaid: PreDeduct = {
  ...preDeduct,
  counter: {
    ...counter,
    apply(state, call, redisTimeMs) {
      const reply = counter.apply(state, call, redisTimeMs);
      if (call.script !== "sweep" || reply.error !== null) return reply;
      const paid = [...state.rows].find(([, row]) => row.state === "C");
      if (paid === undefined || paid[1].deadlineMs + call.graceMs > redisTimeMs) return reply;
      const [id, row] = paid;
      row.state = "X";
      state.sale!.sold -= row.qty;
      state.sale!.generation += 1;
      return {
        ...reply,
        left: reply.left + row.qty,
        swept: [...reply.swept, { id, qty: row.qty }],
      };
    },
  },
};

export const BROKEN: readonly Broken[] = [
  { what: "no request ids", breaks: ["conservation"], strategy: withoutRequestIds },
  { what: "sells from the slice", breaks: ["no-oversell"], strategy: failsOpen },
  { what: "a latch that never opens", breaks: ["latch", "no-undersell"], strategy: latchedForEver },
  { what: "believes old replies", breaks: ["latch", "no-oversell"], strategy: believesOldReplies },
  { what: "a timeout is a refusal", breaks: ["latch"], strategy: timeoutIsRefusal },
  { what: "sweeps what is paid", breaks: ["conservation"], strategy: sweepsPaid },
];
