/** The summary of a run on real parts: what happened, what held, and the verdict. */
import type { History } from "../../core/history/history.ts";
import { judgeHistory } from "../../core/history/judge-history.ts";
import type { StockStep } from "../../core/history/stock-history.ts";
import { invariantResults } from "../../core/invariants/results.ts";
import type { Episode } from "../../sim/faults/vocabulary.ts";
import type { StockSeries } from "../../sim/result.ts";
import { StockRecorder } from "../../sim/world/stock-recorder.ts";
import { NS_PER_MS } from "../../sim/world/world.ts";
import type { Buyers } from "../load/buyers.ts";
import { latencySummaries } from "./latencies.ts";
import type { RealResult, UnplannedDeath } from "./result.ts";

export interface RealRun {
  readonly history: History;
  readonly buyers: Pick<
    Buyers,
    "arrived" | "outcomes" | "probeSold" | "probesFailed" | "garbled" | "latenessMsMax"
  >;
  readonly faults: readonly Episode[];
  /** How often the counter's scripts ran for this sale, and reservations in them; null: not known. */
  readonly counter: { readonly scriptCalls: number; readonly reserveItems: number } | null;
  /** What was not settled within its bound, as sentences, beside what the history itself shows. */
  readonly pending: readonly string[];
  readonly unplannedDeaths: readonly UnplannedDeath[];
  /** True if the run was interrupted. */
  readonly partial: boolean;
}

export function summariseRun(run: RealRun): RealResult {
  const { history, buyers, faults, counter, partial } = run;
  const judged = judgeHistory(history, !partial);
  const { book } = history;
  const invariants = invariantResults(
    judged.findings,
    "does not apply: real time does not repeat itself",
  );
  const pending = pendingOf(run, judged.paymentsPending, judged.hoarded);
  const violated = invariants.some(({ ok }) => !ok);
  // Where an ACK is only an order, a ticket is one that was paid.
  const ticketsSold = Math.max(judged.acked, judged.confirmed);
  const perTicket = (count: number): number =>
    ticketsSold === 0 ? 0 : Math.round((count / ticketsSold) * 10_000) / 10_000;
  return {
    schemaVersion: 1,
    seed: history.run.seed,
    strategy: history.run.strategy,
    scenario: history.run.scenario,
    verdict: violated ? "violated" : pending.length > 0 ? "no-progress" : "passed",
    tickets: history.run.tickets,
    buyers: buyers.arrived,
    acked: judged.acked,
    held: judged.held,
    confirmed: judged.confirmed,
    free: judged.free,
    refused: buyers.outcomes.refused,
    tryAgain: buyers.outcomes.tryAgain,
    unknown: buyers.outcomes.unknown,
    unresolved: judged.unknownIds.length,
    oversold: judged.oversold,
    undersold: judged.undersold,
    falseSoldOut: judged.falseSoldOut,
    hoarded: judged.hoarded,
    chargedInVain: judged.chargedInVain,
    refunds: judged.refunds,
    probeSold: buyers.probeSold,
    counterCallsPerTicket: counter === null ? null : perTicket(counter.reserveItems),
    counterScriptsPerTicket: counter === null ? null : perTicket(counter.scriptCalls),
    statementsPerTicket: book === null ? null : perTicket(book.database.statements),
    seconds: Math.round(judged.endMs) / 1000,
    latenessMsMax: Math.round(buyers.latenessMsMax * 1000) / 1000,
    partial,
    invariants,
    pending,
    faults,
    unplannedDeaths: run.unplannedDeaths,
    latencies: latencySummaries(history.calls),
    stock: stockSeries(judged.stock),
  };
}

function pendingOf(run: RealRun, payments: number, hoarded: number): string[] {
  const { buyers, partial } = run;
  const pending = [...run.pending, ...buyers.probesFailed];
  const say = (count: number, what: string): void => {
    if (count > 0) pending.push(`${count} ${what}`);
  };
  say(payments, "payments have no answer");
  say(buyers.garbled, "answers were not ones that a ticket server gives");
  if (partial) pending.push("the run was interrupted");
  say(hoarded, "tickets are held without a deadline");
  return pending;
}

function stockSeries(steps: readonly StockStep[]): StockSeries {
  const recorder = new StockRecorder();
  for (const { atMs, held, confirmed } of steps)
    recorder.changed(Math.max(0, atMs) * NS_PER_MS, held, confirmed);
  return recorder.series();
}
