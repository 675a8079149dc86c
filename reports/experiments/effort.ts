/** How much a report costs: sales for each answer, and how fine the sweeps are. */
import type { Scenario } from "../../sim/scenario/schema.ts";

export interface Effort {
  readonly quick: boolean;
  /** Sales of the answer itself: at least, and at most. */
  readonly answerLeast: number;
  readonly answerMost: number;
  /** Sales of each cell of a sweep; of each cell where a share of seeds is the answer. */
  readonly sweepSeeds: number;
  readonly shareSeeds: number;
  /** Sizes of a sale in a sweep. */
  readonly sweepTickets: number;
  readonly sweepBuyers: number;
  /** Share of the refused who come back in a sweep: as many for each ticket as in the whole sale. */
  readonly sweepReturning: number;
  /** Tickets of a sale in which only the rush matters: it has few buyers and is cheap. */
  readonly rushTickets: number;
}

/** A p99 of those who get a ticket needs a thousand of them. */
const SWEEP_TICKETS_LEAST = 1000;
const RUSH_TICKETS_MOST = 10_000;
/** A rough report cannot afford more buyers for each ticket. */
const QUICK_BUYERS_PER_TICKET = 20;

/** @param runsMax `--max-runs`; null: as the scenario says */
export function effortOf(scenario: Scenario, quick: boolean, runsMax: number | null): Effort {
  const { sale, buyers, report } = scenario;
  const sweepTickets = Math.max(
    Math.min(sale.tickets, SWEEP_TICKETS_LEAST),
    Math.round(sale.tickets * report.sweepScale),
  );
  const perTicket = buyers.count / sale.tickets;
  const sweepPerTicket = quick ? Math.min(perTicket, QUICK_BUYERS_PER_TICKET) : perTicket;
  const sweepBuyers = Math.max(1, Math.round(sweepPerTicket * sweepTickets));
  const returning = (buyers.returning.share * perTicket) / sweepPerTicket;
  const most = Math.max(2, Math.min(runsMax ?? Infinity, report.replications.most));
  return {
    quick,
    answerLeast: Math.min(most, quick ? 3 : report.replications.least),
    answerMost: quick ? Math.min(most, 3) : most,
    sweepSeeds: quick ? 2 : 5,
    shareSeeds: quick ? 3 : 10,
    sweepTickets,
    sweepBuyers,
    sweepReturning: Math.min(1, Number(returning.toPrecision(6))),
    rushTickets: quick ? sweepTickets : Math.min(sale.tickets, RUSH_TICKETS_MOST),
  };
}
