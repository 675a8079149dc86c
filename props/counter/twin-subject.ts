import type { CounterState } from "../../core/counter/state.ts";
import { add } from "../../core/counter/sorted-set.ts";
import { applyCall, createCounter } from "../../core/counter/twin.ts";
import type { CounterSubject, Snapshot } from "./subject.ts";
import { byId, byTimeAndId, withoutPosition } from "./subject.ts";

export function createTwinSubject(): CounterSubject {
  const state = createCounter();
  return {
    apply: async (call, redisTimeMs) => applyCall(state, call, redisTimeMs),
    snapshot: async () => snapshotOf(state),
    async setClockOffset(offsetMs) {
      if (state.sale !== null) state.sale.clockOffsetMs = offsetMs;
    },
    async loseSale() {
      state.sale = null;
    },
    async addStrayDeadline(id, deadlineMs) {
      if (state.sale !== null) add(state.deadlines, deadlineMs, id);
    },
  };
}

function snapshotOf(state: CounterState): Snapshot {
  return structuredClone({
    sale: state.sale,
    rows: byId(state.rows),
    deadlines: byTimeAndId(state.deadlines.timeMsOf),
    retired: byTimeAndId(state.retired.timeMsOf),
    buyers: byId(state.buyers),
    payments: byId(state.payments).map(
      ([paymentId, { code, id }]) => [paymentId, `${code}|${id}`] as const,
    ),
    servers: byTimeAndId(state.servers),
    outboxExists: state.outbox.exists,
    outbox: state.outbox.events.map(withoutPosition),
  });
}
