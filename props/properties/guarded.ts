/** A strategy that anybody may have written, so checked that the worlds may trust its shapes. */
import type { Strategy } from "../../core/strategy.ts";
import { guardedStrategy, StrategyFailure } from "../../sim/world/guarded-strategy.ts";

/** Throws StrategyFailure where it throws, or answers in a shape that is no answer. */
export function guarded(strategy: Strategy): Strategy {
  const guardedOnce = guardedStrategy(strategy);
  const { counter } = guardedOnce;
  return {
    ...guardedOnce,
    counter: {
      ...counter,
      apply: (state, call, redisTimeMs) => {
        const reply = counter.apply(state, call, redisTimeMs);
        const wanted = "items" in call ? call.items.length : 0;
        const isWhole = reply.error !== null || reply.code === "FENCED";
        if (!isWhole && reply.results.length !== wanted)
          throw new StrategyFailure(
            `answered a ${call.script} of ${wanted} items with ${reply.results.length} results`,
          );
        return reply;
      },
    },
  };
}
