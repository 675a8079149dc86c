/** Pre-deduct, the default: reserve in memory and in the counter, create the order from a queue. */
import type { CounterState } from "../counter/state.ts";
import { counterOnRedis } from "../counter/redis-counter.ts";
import { ack, autoClaim, backlog, readGroup, trim } from "../counter/outbox.ts";
import { applyCall, auditCounter, createCounter } from "../counter/twin.ts";
import { quickRefusal } from "../engine/admission.ts";
import { createEngine } from "../engine/state.ts";
import type { EngineState } from "../engine/state.ts";
import { step } from "../engine/step.ts";
import type { Strategy } from "../strategy.ts";

export const preDeduct: Strategy<EngineState, CounterState> = {
  name: "pre-deduct",
  summary: "reserve in memory and in the counter; orders follow from a queue; unpaid holds expire",
  authority: "counter",
  server: { create: createEngine, quickRefusal, step },
  counter: {
    create: createCounter,
    apply: applyCall,
    audit: auditCounter,
    outbox: { readGroup, autoClaim, ack, trim, backlog },
    redis: counterOnRedis,
  },
};
