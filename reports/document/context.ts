/** What every section and plot is made from. */
import type { Scenario } from "../../sim/scenario/schema.ts";
import type { Calibration } from "../calibration.ts";
import type { Cell, Subject } from "../experiments/cell.ts";
import { replayCommand } from "../experiments/cell.ts";
import type { Effort } from "../experiments/effort.ts";
import type { Findings } from "../experiments/research.ts";

export interface Context {
  readonly subject: Subject;
  readonly scenario: Scenario;
  readonly effort: Effort;
  readonly findings: Findings;
  readonly calibration: Calibration;
  /** The report's own command, and seed. */
  readonly command: string;
  readonly seed: string;
  /** Tickets and buyers of the sale that the answer ran. */
  readonly tickets: number;
  readonly buyers: number;
  /** The command that runs one sale of a cell again: that of the first seed, if none is given. */
  readonly replay: (cell: Cell, seed?: string) => string;
}

export function contextOf(
  parts: Pick<Context, "subject" | "effort" | "findings" | "calibration" | "command" | "seed">,
): Context {
  const { scenario } = parts.subject;
  const { quick, sweepTickets, sweepBuyers } = parts.effort;
  return {
    ...parts,
    scenario,
    tickets: quick ? sweepTickets : scenario.sale.tickets,
    buyers: quick ? sweepBuyers : scenario.buyers.count,
    replay: (cell, seed = parts.findings.answer.base[0].seed) =>
      replayCommand(parts.subject, cell, seed),
  };
}
