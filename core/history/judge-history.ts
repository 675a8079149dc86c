/**
 * Judges what happened on real parts by the invariants of the simulator, with the same models.
 *
 * The simulator sees every answer at its exact instant (`core/invariants/judge.ts`). Here an answer
 * has an interval, from the request to the hearing of it, and an outcome that nobody heard has none:
 * it may have happened or not. Only what is wrong in every world that fits the history is a
 * violation, so there are no false alarms: acked <= recorded <= acked + unknown, never equality.
 */
import { ClaimModel } from "../invariants/claims.ts";
import { Findings } from "../invariants/findings.ts";
import { IssuedModel } from "../invariants/issued.ts";
import { checkOrders } from "../invariants/orders.ts";
import { RowModel } from "../invariants/rows.ts";
import type { History } from "./history.ts";
import { AnswerJudge, callsById } from "./judge-answers.ts";
import { judgeCharges } from "./judge-charges.ts";
import { judgeClaims } from "./judge-claims.ts";
import { judgeDemand } from "./judge-demand.ts";
import { judgeRecorded } from "./judge-recorded.ts";
import { Reservations } from "./reservations.ts";
import { StockHistory } from "./stock-history.ts";
import type { Stock, StockStep } from "./stock-history.ts";
import { UnknownIds } from "./unknown-ids.ts";

const NO_DEMAND = { undersold: 0, falseSoldOut: 0 };

export interface Judgement extends Stock {
  readonly findings: Findings;
  /** Tickets acknowledged to somebody, over the whole run. */
  readonly acked: number;
  readonly oversold: number;
  readonly undersold: number;
  readonly falseSoldOut: number;
  readonly chargedInVain: number;
  readonly refunds: number;
  /** Ids whose outcome nobody knows. */
  readonly unknownIds: readonly string[];
  /** Charges that the provider has no answer for. */
  readonly paymentsPending: number;
  /** Held and confirmed tickets over time. */
  readonly stock: readonly StockStep[];
  /** The last moment that the history speaks of. */
  readonly endMs: number;
}

/**
 * `finished`: the run came to its end. Of one that was broken off only the counter's own steps are
 * judged, as far as they are recorded: the rest was under way, and might still be explained.
 */
export function judgeHistory(history: History, finished = true): Judgement {
  const { run, book, issued, settledMs } = history;
  const findings = new Findings();
  const endMs = endOf(history);
  const byId = callsById(history.calls);
  const { rows, stock } = followStream(history, findings, finished);
  // What is found from here on counts only in a history that is whole.
  const found = finished ? findings : new Findings();

  const reservations = new Reservations(issued);
  const claims = new ClaimModel(found, () => run.tickets);
  judgeClaims(history, reservations, byId, claims);
  if (run.source === "outbox") new AnswerJudge(history, reservations, byId, found).judge();
  else judgeRecorded(history, byId, found, endMs);

  const demand = stock.isKnown ? judgeDemand(history, stock.steps, found) : NO_DEMAND;
  if (demand.undersold > 0)
    found.report(
      "no-undersell",
      settledMs ?? endMs,
      `${demand.undersold} tickets stayed free while at least as many in-limit buyers left without one`,
    );
  // What was issued after the book was read may be in it or not.
  const isWhole = book !== null && book.drained && issued.every(({ atMs }) => atMs <= book.atMs);
  const charges = judgeCharges(history, byId, isWhole, found);
  if (book !== null && (isWhole || run.authority === "database"))
    checkOrders(rows, book.database, run.authority, found, book.atMs);
  const unknownIds = unknownOf(history);
  if (unknownIds.length > 0)
    found.report(
      "unknown-resolved",
      endMs,
      `${unknownIds.length} outcomes are still unknown after healing, of ${unknownIds[0]} for one`,
    );
  return {
    findings,
    ...stock.settled(),
    acked: ackedTickets(history),
    oversold: Math.max(claims.oversold, rows.oversold),
    ...demand,
    ...charges,
    unknownIds,
    stock: stock.steps,
    endMs,
  };
}

/** What the counter issued, step by step, and the audit of it all at the end. */
function followStream(history: History, findings: Findings, finished: boolean) {
  const { run, issued, audit } = history;
  const rows = new RowModel(findings, run.tickets);
  const stock = new StockHistory(history);
  const model = new IssuedModel(findings, rows, { ...run, delayMsMax: run.replyBoundMs });
  const deadlines = deadlinesTold(history);
  // The audit was read at some moment since this one: at one of them it must agree.
  const auditMs = (audit?.atMs ?? 0) - run.skewMs;
  let audited = audit === null || run.source !== "outbox" || !finished;
  for (const { event, unixMs, atMs } of issued) {
    if (!audited && atMs >= auditMs) audited = rows.differences(audit!.audit).length === 0;
    model.observe(event, unixMs, deadlines.get(event.id) ?? 0, atMs);
    stock.changed(rows.held, rows.confirmed, atMs);
  }
  if (!audited) rows.audit(audit!.audit, audit!.atMs);
  return { rows, stock };
}

/** The deadlines that buyers were told, in counter time. */
function deadlinesTold({ calls }: History): Map<string, number> {
  const deadlines = new Map<string, number>();
  for (const { id, deadlineMs } of calls)
    if (deadlineMs > 0) deadlines.set(id, Math.min(deadlineMs, deadlines.get(id) ?? Infinity));
  return deadlines;
}

/** Tickets that buyers were promised. What a probe buys is no sale. */
function ackedTickets({ calls }: History): number {
  const acked = new Map<string, number>();
  for (const { caller, id, outcome, claim, qty } of calls)
    if (outcome === "ACK" && claim !== "order" && caller !== "probe")
      acked.set(id, Math.max(qty, acked.get(id) ?? 1));
  let tickets = 0;
  for (const qty of acked.values()) tickets += qty;
  return tickets;
}

function unknownOf({ calls }: History): string[] {
  const unknown = new UnknownIds();
  for (const call of calls) unknown.heard(call);
  return unknown.ids();
}

/** The last moment that the history speaks of. */
function endOf({ calls, audit, book, settledMs }: History): number {
  const ends = [settledMs ?? 0, audit?.atMs ?? 0, book?.atMs ?? 0, calls.at(-1)?.leftMs ?? 0];
  return Math.max(...ends);
}
