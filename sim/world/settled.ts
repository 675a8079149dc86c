/**
 * What the sale came to when everything was settled. Probes then buy what it left over, which is no
 * sale: their acknowledgements and calls count nowhere here.
 */
import type { LayerCounts } from "../result.ts";
import type { Machines, Stock } from "./machines.ts";

export interface Settled extends Stock {
  readonly undersold: number;
  readonly acked: number;
  readonly counterCallsPerTicket: number;
  readonly counterScriptsPerTicket: number;
  readonly layers: LayerCounts;
}

/** The sale as it stands now. */
export function settledNow(machines: Machines): Settled {
  const { redis, frontDoor, proxies, servers, workers, database, world } = machines;
  const { claims, demand } = world.judge;
  const { acked } = claims;
  const { statements } = database.book;
  const perTicket = (count: number): number =>
    acked === 0 ? 0 : Math.round((count / acked) * 10_000) / 10_000;
  return {
    ...machines.stock(),
    undersold: demand.undersold(),
    acked,
    counterCallsPerTicket: perTicket(redis.counts.reserveItems),
    counterScriptsPerTicket: perTicket(redis.counts.scriptCalls),
    layers: {
      ...frontDoor.layers(),
      nginx: proxies.layers(),
      servers: servers.layers(),
      redis: { ...redis.counts },
      orders: {
        recorded: workers.recorded,
        statements,
        statementsPerTicket: perTicket(statements),
      },
    },
  };
}
