/** A strategy that is watched: it does what it does, and `seen` counts the states that it reaches. */
import type { ServerEffect, Strategy } from "../../core/strategy.ts";
import { CounterObserver } from "./observe-counter.ts";
import { ServerObserver } from "./observe-server.ts";
import type { Sightings } from "./states.ts";

/** For one run: the next one has servers and a counter of its own. */
export function observed<S, C>(strategy: Strategy<S, C>, seen: Sightings): Strategy<S, C> {
  const { server, counter } = strategy;
  const { quickRefusal } = server;
  const { outbox } = counter;
  const atCounter = new CounterObserver(seen);
  const byState = new Map<S, ServerObserver>();
  const newest = new Map<string, ServerObserver>();
  return {
    ...strategy,
    server: {
      create: (config) => {
        const before = newest.get(config.name);
        if (before?.underWay().some((call) => atCounter.hasRun(call)) === true)
          seen.see("crash between call and reply");
        const observer = new ServerObserver(config, seen);
        newest.set(config.name, observer);
        const state = server.create(config);
        byState.set(state, observer);
        return state;
      },
      ...(quickRefusal !== undefined && {
        quickRefusal: (state: S, qty: number, nowMs: number) => {
          const refusal = quickRefusal(state, qty, nowMs);
          if (refusal !== null) byState.get(state)?.quicklyRefused();
          return refusal;
        },
      }),
      step: (state, input, nowMs, out) => {
        const own: ServerEffect[] = [];
        server.step(state, input, nowMs, own);
        byState.get(state)?.stepped(input, own, nowMs);
        out.push(...own);
      },
    },
    counter: {
      ...counter,
      apply: (state, call, redisTimeMs) => {
        const reply = counter.apply(state, call, redisTimeMs);
        atCounter.applied(call, reply);
        return reply;
      },
      outbox: outbox && {
        ...outbox,
        autoClaim: (...args) => {
          const events = outbox.autoClaim(...args);
          if (events.length > 0) seen.see("worker dies before it acknowledges");
          return events;
        },
      },
    },
  };
}
