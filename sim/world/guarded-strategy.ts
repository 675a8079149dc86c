/**
 * A strategy that anybody may have written: what it throws becomes a StrategyFailure, which ends the
 * run as a violation, apart from defects of the simulator itself.
 */
import type { CounterReply } from "../../core/counter/calls.ts";
import type { ServerEffect, Strategy } from "../../core/strategy.ts";

/** A strategy threw, or answered whom it does not owe an answer: the run is void. */
export class StrategyFailure extends Error {
  override readonly name = "StrategyFailure";
}

export function guardedStrategy(strategy: Strategy): Strategy {
  const { server, counter } = strategy;
  const { quickRefusal } = server;
  const { outbox } = counter;
  return {
    ...strategy,
    server: {
      create: (config) => guard("server.create", () => server.create(config)),
      ...(quickRefusal === undefined
        ? {}
        : {
            // No closure here: this is what 99 of 100 buyers get.
            quickRefusal: (state: unknown, qty: number, nowMs: number) => {
              try {
                return quickRefusal(state, qty, nowMs);
              } catch (error) {
                throw failure("server.quickRefusal", error);
              }
            },
          }),
      step: (state, input, nowMs, out) => {
        try {
          server.step(state, input, nowMs, out);
        } catch (error) {
          throw failure("server.step", error);
        }
        checkEffects(out);
      },
    },
    counter: {
      create: () => guard("counter.create", () => counter.create()),
      apply: (state, call, redisTimeMs) =>
        checkedReply(guard("counter.apply", () => counter.apply(state, call, redisTimeMs))),
      audit: (state) => guard("counter.audit", () => counter.audit(state)),
      outbox:
        outbox === null
          ? null
          : {
              readGroup: (...args) => guard("outbox.readGroup", () => outbox.readGroup(...args)),
              autoClaim: (...args) => guard("outbox.autoClaim", () => outbox.autoClaim(...args)),
              ack: (...args) => {
                guard("outbox.ack", () => outbox.ack(...args));
              },
              trim: (...args) => {
                guard("outbox.trim", () => outbox.trim(...args));
              },
              backlog: (...args) => guard("outbox.backlog", () => outbox.backlog(...args)),
            },
    },
  };
}

function guard<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw failure(what, error);
  }
}

function failure(what: string, error: unknown): StrategyFailure {
  const message = error instanceof Error ? error.message : String(error);
  return new StrategyFailure(`threw in ${what}: ${message}`);
}

function checkEffects(out: readonly ServerEffect[]): void {
  for (let i = 0; i < out.length; i += 1) {
    const effect: unknown = out[i];
    const type = typeof effect === "object" && effect !== null && "type" in effect;
    if (!type) throw new StrategyFailure(`pushed ${String(effect)}, which is no effect`);
  }
}

function checkedReply(reply: CounterReply): CounterReply {
  if (typeof reply !== "object" || (reply as unknown) === null || !Array.isArray(reply.results))
    throw new StrategyFailure(`counter.apply gave ${JSON.stringify(reply)}, which is no reply`);
  return reply;
}
