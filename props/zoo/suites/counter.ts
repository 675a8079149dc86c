/** Suite `counter`: random histories of the twin, judged by the protocol's invariants alone. */
import { ack, readGroup, trim } from "../../../core/counter/outbox.ts";
import { applyCall, createCounter } from "../../../core/counter/twin.ts";
import { playCounter } from "./play-counter.ts";
import type { CounterUnderTest } from "./play-counter.ts";
import type { Outcome } from "./suite.ts";

export { plantedHits } from "../planted.ts";

/** A batch of the order worker's. */
const EVENTS_PER_READ = 10;

export function play(seed: bigint): Promise<Outcome> {
  return playCounter(createTwin(), seed);
}

function createTwin(): CounterUnderTest {
  const state = createCounter();
  return {
    apply: async (call, redisTimeMs) => applyCall(state, call, redisTimeMs),
    async takeEvents(redisTimeMs) {
      const events = readGroup(state, "worker", EVENTS_PER_READ, redisTimeMs);
      ack(
        state,
        events.map(({ position }) => position),
      );
      trim(state);
      return events;
    },
    async setClockOffset(offsetMs) {
      if (state.sale !== null) state.sale.clockOffsetMs = offsetMs;
    },
    async loseSale() {
      state.sale = null;
    },
    async setMemoryFull() {
      // The twin has no memory limit.
    },
  };
}
