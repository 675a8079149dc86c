/** What a run on real parts gives: the numbers of a simulation, as far as they can be known here. */
import type { SimulationResult } from "../../sim/result.ts";

export interface UnplannedDeath {
  /** A ticket server or an order worker: "server-0". */
  readonly process: string;
  /** null if it ended in order, as SIGTERM asks it to. */
  readonly signal: NodeJS.Signals | null;
  /** On the run's clock: below 0 before the first buyer could come. */
  readonly atMs: number;
}

/**
 * The fields that mean the same as in the simulator. There is no trace hash, no number of events and
 * no count of the layers that exist only there; real time does not repeat itself.
 */
export interface RealResult extends Pick<
  SimulationResult,
  | "schemaVersion"
  | "seed"
  | "strategy"
  | "scenario"
  | "verdict"
  | "tickets"
  | "buyers"
  | "acked"
  | "held"
  | "confirmed"
  | "free"
  | "refused"
  | "tryAgain"
  | "unknown"
  | "unresolved"
  | "oversold"
  | "undersold"
  | "falseSoldOut"
  | "hoarded"
  | "chargedInVain"
  | "refunds"
  | "probeSold"
  | "partial"
  | "invariants"
  | "pending"
  | "faults"
  | "latencies"
  | "stock"
> {
  /** Per acknowledged ticket; null if the counter was not asked for its figures. */
  readonly counterCallsPerTicket: number | null;
  readonly counterScriptsPerTicket: number | null;
  readonly statementsPerTicket: number | null;
  /** From the run's start to its last record. */
  readonly seconds: number;
  /** Processes that somebody outside has ended; they were started again. */
  readonly unplannedDeaths: readonly UnplannedDeath[];
  /** The most by which a buyer came later than the seed says: the load's own honesty. */
  readonly latenessMsMax: number;
}
