/** Settings that the sweeps share: a smaller sale, a sale that is only its rush, another size. */
import type { Scenario } from "../../sim/scenario/schema.ts";
import { rushMs } from "./cell.ts";
import type { Effort } from "./effort.ts";

export type Settings = Record<string, number | string | boolean | readonly unknown[]>;

/** A smaller sale on the same machines, under the same faults. */
export function smallerSale({ sweepTickets, sweepBuyers, sweepReturning }: Effort): Settings {
  return {
    "sale.tickets": sweepTickets,
    "buyers.count": sweepBuyers,
    "buyers.returning.share": sweepReturning,
  };
}

/** The same without the scenario's own faults. */
export function smallSale(effort: Effort): Settings {
  return { ...smallerSale(effort), faults: [] };
}

/**
 * Only the rush: half as many buyers again as tickets, nobody pays and nobody comes back. What
 * counts is who took a ticket.
 */
export function rushOnly({ rushTickets }: Effort): Settings {
  return {
    "sale.tickets": rushTickets,
    "buyers.count": Math.ceil(rushTickets * 1.5),
    "buyers.noShow": 1,
    "buyers.cancel": 0,
    "buyers.returning.share": 0,
    faults: [],
  };
}

/** So many servers; weights are repeated as far as they go. */
export function withServers({ servers }: Scenario, count: number): Settings {
  const weights = servers.weights;
  if (weights === undefined) return { "servers.count": count };
  const repeated = Array.from({ length: count }, (_, i) => weights[i % weights.length]);
  return { "servers.count": count, "servers.weights": repeated };
}

/** The same of a sale with another number of tickets. */
export function rushMsOf(tickets: number, scenario: Scenario): number {
  return rushMs({ ...scenario, sale: { ...scenario.sale, tickets } });
}
