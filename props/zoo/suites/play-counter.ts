/** Plays a history on a counter, the twin or the scripts on Redis, under the oracle's eyes. */
import type { CounterCall, CounterReply, OutboxEvent } from "../../../core/counter/calls.ts";
import { drawHistory } from "./counter-history.ts";
import type { Operation } from "./counter-history.ts";
import { CounterOracle } from "./counter-oracle.ts";
import { firstOfEach, outcomeOf, voidOutcome } from "./suite.ts";
import type { Outcome } from "./suite.ts";

/** A counter, and what can be done to it from outside. */
export interface CounterUnderTest {
  /** Null: refused for want of memory. */
  apply(call: CounterCall, redisTimeMs: number): Promise<CounterReply | null>;
  /** Reads what no worker has read, and acknowledges it; empty if there is nothing. */
  takeEvents(redisTimeMs: number): Promise<readonly OutboxEvent[]>;
  setClockOffset(offsetMs: number): Promise<void>;
  /** Redis loses the sale's hash and nothing else. */
  loseSale(): Promise<void>;
  setMemoryFull(full: boolean): Promise<void>;
}

/** The history of this seed, on a counter that has no sale yet. */
export async function playCounter(counter: CounterUnderTest, seed: bigint): Promise<Outcome> {
  const history = drawHistory(seed);
  const { total, epoch, startMs, operations } = history;
  const oracle = new CounterOracle(history);
  let clockMs = startMs;
  try {
    await counter.apply({ script: "init", total, epoch }, clockMs);
    await counter.apply({ script: "open", epoch }, clockMs);
    for (const operation of operations) {
      if (operation.do === "call") clockMs += operation.stepMs;
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as Redis runs them
      await carryOut(operation, counter, oracle, clockMs, clockMs - startMs);
    }
  } catch (error) {
    // A script that stumbles over its own damage has broken something before.
    if (firstOfEach(oracle.findings).length === 0) return voidOutcome(error);
  }
  return outcomeOf(firstOfEach(oracle.findings));
}

async function carryOut(
  operation: Operation,
  counter: CounterUnderTest,
  oracle: CounterOracle,
  clockMs: number,
  nowMs: number,
): Promise<void> {
  switch (operation.do) {
    case "call":
      for (const call of [operation.call, { script: "audit" } as const]) {
        // oxlint-disable-next-line no-await-in-loop -- the audit reads what the call has written
        const reply = await counter.apply(call, clockMs);
        if (reply === null) oracle.refusedForMemory(call, nowMs);
        else oracle.ran(call, reply, nowMs);
      }
      return;
    case "record":
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- until a read finds nothing
        const events = await counter.takeEvents(clockMs);
        if (events.length === 0) break;
        oracle.delivered(events, nowMs);
      }
      oracle.recorded(nowMs);
      return;
    case "set the clock offset":
      await counter.setClockOffset(operation.offsetMs);
      return;
    case "lose the sale":
      await counter.loseSale();
      return;
    case "memory":
      await counter.setMemoryFull(operation.full);
  }
}
