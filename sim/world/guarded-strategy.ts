/**
 * A strategy that anybody may have written: what it throws becomes a StrategyFailure, which ends the
 * run as a violation, apart from defects of the simulator itself.
 */
import type { CounterReply, ScriptName } from "../../core/counter/calls.ts";
import { SCRIPT_NAMES } from "../../core/counter/encoding.ts";
import type { ServerEffect, Strategy } from "../../core/strategy.ts";

/** Ten days. */
const DELAY_MS_MAX = 864_000_000;

const ANSWERS_OF: Readonly<Record<string, readonly string[]>> = {
  answer: ["ACK", "SOLDOUT", "USERLIMIT", "TRYAGAIN", "UNKNOWN"],
  "pay-answer": ["PAID", "REFUND", "PAYMENTCONFLICT", "TRYAGAIN"],
  "cancel-answer": ["CANCELLED", "CONFIRMED", "TRYAGAIN"],
};

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
              let refusal: "SOLDOUT" | null;
              try {
                refusal = quickRefusal(state, qty, nowMs);
              } catch (error) {
                throw failure("server.quickRefusal", error);
              }
              if (refusal !== null && refusal !== "SOLDOUT") refuseAnswer(refusal);
              return refusal;
            },
          }),
      step: (state, input, nowMs, out) => {
        let returned: unknown;
        try {
          returned = server.step(state, input, nowMs, out);
        } catch (error) {
          throw failure("server.step", error);
        }
        if (returned !== undefined) refusePromise("server.step", returned);
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
  let result: T;
  try {
    result = run();
  } catch (error) {
    throw failure(what, error);
  }
  refusePromise(what, result);
  return result;
}

/** What is not done when it returns would go on while the world does. */
function refusePromise(what: string, returned: unknown): void {
  if (!(returned instanceof Promise)) return;
  // This run is over, and whatever it rejects with is no news.
  returned.catch(() => {});
  throw new StrategyFailure(`returned a promise from ${what}, which must be done when it returns`);
}

function refuseAnswer(refusal: unknown): never {
  const what = "server.quickRefusal";
  refusePromise(what, refusal);
  throw new StrategyFailure(`returned ${String(refusal)} from ${what}, not "SOLDOUT" or null`);
}

function failure(what: string, error: unknown): StrategyFailure {
  const message = error instanceof Error ? error.message : String(error);
  return new StrategyFailure(`threw in ${what}: ${message}`);
}

/** True for a delay that the world can wait for. */
function isDelay(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= DELAY_MS_MAX;
}

/** What is wrong with an effect, or null. */
function faultOf(effect: unknown): string | null {
  if (typeof effect !== "object" || effect === null) return "is no effect";
  const given = effect as Record<string, unknown>;
  // Each effect is asked only for what its type has: to look for what is not there is slow.
  switch (given.type) {
    case "answer":
    case "pay-answer":
    case "cancel-answer": {
      const answer = String(given.answer);
      return ANSWERS_OF[given.type].includes(answer) ? null : `has no answer "${answer}"`;
    }
    case "call-counter":
    case "call-database":
      return faultOfCall(given);
    case "timer":
      return isDelay(given.afterMs) ? null : `has no afterMs from 0 to ${DELAY_MS_MAX}`;
    case "flush-soon":
      return null;
    default:
      return "has an unknown type";
  }
}

function faultOfCall({ type, call, op, timeoutMs }: Record<string, unknown>): string | null {
  if (typeof call !== "object" || call === null) return "has no call";
  const { script, items } = call as Record<string, unknown>;
  if (type === "call-counter" && !SCRIPT_NAMES.includes(script as ScriptName))
    return `calls an unknown script ${String(script)}`;
  if (items !== undefined && !Array.isArray(items)) return "has items that are no list";
  if (!Number.isSafeInteger(op)) return "has no operation number";
  return isDelay(timeoutMs) ? null : `has no timeoutMs from 0 to ${DELAY_MS_MAX}`;
}

function checkEffects(out: readonly ServerEffect[]): void {
  for (let i = 0; i < out.length; i += 1) {
    const fault = faultOf(out[i]);
    if (fault !== null)
      throw new StrategyFailure(`pushed ${JSON.stringify(out[i])}, which ${fault}`);
  }
}

function checkedReply(reply: CounterReply): CounterReply {
  if (typeof reply !== "object" || (reply as unknown) === null || !Array.isArray(reply.results))
    throw new StrategyFailure(`counter.apply gave ${JSON.stringify(reply)}, which is no reply`);
  return reply;
}
