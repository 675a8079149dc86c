/** Which layer of the simulator a source file belongs to. */

export const LAYERS = [
  "buyers and requests",
  "OSPF and ECMP",
  "LVS",
  "nginx",
  "ticket servers and engine",
  "Redis and counter",
  "order workers and database",
  "judge and trace",
  "kernel",
] as const;
export type Layer = (typeof LAYERS)[number];

/** Beginnings of paths below the project's root; the first that fits decides. */
const LAYER_OF_PATH: readonly (readonly [string, Layer])[] = [
  ["sim/network/ospf/", "OSPF and ECMP"],
  ["sim/network/ecmp.ts", "OSPF and ECMP"],
  ["sim/network/siphash.ts", "OSPF and ECMP"],
  // The way to a director and its stations; IPVS itself is in sim/network/lvs.
  ["sim/world/front-door.ts", "OSPF and ECMP"],
  ["sim/network/lvs/", "LVS"],
  ["sim/network/nginx/", "nginx"],
  ["sim/world/proxies.ts", "nginx"],
  ["sim/world/ticket-servers.ts", "ticket servers and engine"],
  ["sim/world/server-", "ticket servers and engine"],
  ["sim/world/guarded-strategy.ts", "ticket servers and engine"],
  ["core/engine/", "ticket servers and engine"],
  ["core/strategies/", "ticket servers and engine"],
  ["core/latch.ts", "ticket servers and engine"],
  ["core/quota.ts", "ticket servers and engine"],
  ["core/strategy.ts", "ticket servers and engine"],
  ["core/answers.ts", "ticket servers and engine"],
  ["core/counter/", "Redis and counter"],
  ["sim/world/redis.ts", "Redis and counter"],
  ["sim/world/calls.ts", "Redis and counter"],
  ["core/orders/", "order workers and database"],
  ["sim/world/order-", "order workers and database"],
  ["core/invariants/", "judge and trace"],
  ["core/history/", "judge and trace"],
  ["sim/kernel/trace.ts", "judge and trace"],
  ["sim/world/stock-recorder.ts", "judge and trace"],
  ["sim/world/traffic.ts", "judge and trace"],
  ["sim/world/station-meter.ts", "judge and trace"],
  ["sim/world/buyer", "buyers and requests"],
  ["sim/world/payments.ts", "buyers and requests"],
  ["sim/world/requests.ts", "buyers and requests"],
  ["sim/world/closing.ts", "buyers and requests"],
  // The event loop, and what is left: the clock, the random draws, the faults.
  ["sim/kernel/", "kernel"],
  ["sim/simulation.ts", "kernel"],
  ["sim/summary.ts", "kernel"],
  ["sim/world/", "kernel"],
];

/** The layer of a file, by its path below the project's root; null if it is no part of a run. */
export function layerOf(path: string): Layer | null {
  return LAYER_OF_PATH.find(([start]) => path.startsWith(start))?.[1] ?? null;
}
