/**
 * Each answer against what the counter issued. An answer was decided at some moment between the
 * request and the hearing of it; it is wrong only if it was wrong at every such moment.
 *
 * Why not judge it at the time it was heard: A's hold expires at 10 and is resold to B, and at 11
 * A hears the ACK that was said at 9. Both were told the truth. Why not at the time of the request:
 * the hold of the only ticket expires at 10, and a request sent at 9 is told ACK, rightly.
 */
import type { Findings } from "../invariants/findings.ts";
import type { History } from "./history.ts";
import type { CallRecord } from "./records.ts";
import type { Life, Reservation, Reservations } from "./reservations.ts";
import { isUnsure } from "./unknown-ids.ts";

/** The calls about each reservation, in the order in which they ended. */
export function callsById(calls: readonly CallRecord[]): Map<string, CallRecord[]> {
  const byId = new Map<string, CallRecord[]>();
  for (const call of calls) {
    const same = byId.get(call.id);
    if (same === undefined) byId.set(call.id, [call]);
    else same.push(call);
  }
  return byId;
}

export class AnswerJudge {
  readonly #history: History;
  readonly #reservations: Reservations;
  readonly #byId: ReadonlyMap<string, readonly CallRecord[]>;
  readonly #findings: Findings;

  constructor(
    history: History,
    reservations: Reservations,
    byId: ReadonlyMap<string, readonly CallRecord[]>,
    findings: Findings,
  ) {
    this.#history = history;
    this.#reservations = reservations;
    this.#byId = byId;
    this.#findings = findings;
  }

  judge(): void {
    for (const call of this.#history.calls) this.#answer(call);
    for (const reservation of this.#reservations.all()) this.#issued(reservation);
  }

  #answer(call: CallRecord): void {
    const { outcome, id, endMs } = call;
    switch (outcome) {
      case "ACK":
        if (call.claim !== "order") this.#acknowledged(call);
        return;
      case "USERLIMIT":
        this.#overLimit(call);
        return;
      case "CANCELLED":
        // Nobody held it at some moment of the call.
        if (this.#lives(id)?.some((life) => isWithin(this.#interval(call, 0), life)))
          this.#findings.report(
            "conservation",
            endMs!,
            `${id} was told CANCELLED and kept its tickets`,
          );
        return;
      case "CONFIRMED": {
        const [fromMs, toMs] = this.#interval(call, 0);
        if (!this.#lives(id)?.some((life) => life.confirmedMs <= toMs && life.toMs >= fromMs))
          this.#findings.report("conservation", endMs!, `${id} was told CONFIRMED and is not paid`);
        return;
      }
      default:
    }
  }

  #acknowledged(call: CallRecord): void {
    const { id, qty, buyer, kind, endMs } = call;
    const reservation = this.#reservations.get(id);
    if (reservation === undefined) {
      this.#findings.report("no-oversell", endMs!, `${id} was acknowledged and never issued`);
      return;
    }
    // The counter's answer may take the reply bound to reach the ticket server, and the call may
    // have joined an earlier one that asked for the same.
    const interval = this.#interval(call, this.#history.run.replyBoundMs);
    if (!reservation.lives.some((life) => overlaps(interval, life)))
      this.#findings.report(
        "no-oversell",
        endMs!,
        `${id} was acknowledged between ${ms(call.startMs)} and ${ms(endMs!)}, ` +
          `and had tickets ${reservation.lives.map(span).join(" and ")}`,
      );
    if (kind === "buy" && (qty !== reservation.qty || buyer !== reservation.buyer))
      this.#findings.report(
        "conservation",
        endMs!,
        `${qty} for ${buyer} were acknowledged as ${id}, ` +
          `issued were ${reservation.qty} for ${reservation.buyer}`,
      );
  }

  /** Refused over the limit: at some moment since the first request for this id it was true. */
  #overLimit({ id, buyer, qty, endMs }: CallRecord): void {
    const { maxPerBuyer, skewMs } = this.#history.run;
    const firstMs = firstStartMs(this.#requests(id));
    const units = this.#reservations.unitsOf(buyer).most(firstMs - skewMs, endMs! + skewMs);
    if (maxPerBuyer === 0 || buyer === "" || units + qty <= maxPerBuyer)
      this.#findings.report(
        "buyer-limit",
        endMs!,
        `buyer ${buyer} was refused ${qty} more while holding ${units} of at most ${maxPerBuyer}`,
      );
  }

  /** Whatever is issued was asked for, and not by requests that were all told no. */
  #issued({ id, qty, lives }: Reservation): void {
    const asked = this.#requests(id);
    const [{ fromMs }] = lives;
    const complain = (what: string): void =>
      this.#findings.report("conservation", fromMs, `${id} was issued ${qty} tickets, ${what}`);
    if (asked.length === 0) complain("and nobody asked for it");
    else if (asked.every((call) => call.outcome !== "ACK" && !isUnsure(call)))
      complain("and every request for it was refused");
    else if (!asked.some((call) => call.qty === qty)) complain("and nobody asked for so many");
    else if (firstStartMs(asked) > fromMs + this.#history.run.skewMs)
      complain("before anybody asked for it");
  }

  /** The calls that asked for these tickets. */
  #requests(id: string): readonly CallRecord[] {
    return this.#byId.get(id)?.filter(({ kind }) => kind === "buy") ?? [];
  }

  #lives(id: string): readonly Life[] | undefined {
    return this.#reservations.get(id)?.lives;
  }

  /** All moments at which the call may have been decided, for all that the clocks tell. */
  #interval({ startMs, endMs }: CallRecord, earlierMs: number): Interval {
    const { skewMs } = this.#history.run;
    return [startMs - earlierMs - skewMs, endMs! + skewMs];
  }
}

function firstStartMs(calls: readonly CallRecord[]): number {
  return Math.min(...calls.map(({ startMs }) => startMs));
}

type Interval = readonly [fromMs: number, toMs: number];

function overlaps([fromMs, toMs]: Interval, life: Life): boolean {
  return life.fromMs <= toMs && life.toMs >= fromMs;
}

function isWithin([fromMs, toMs]: Interval, life: Life): boolean {
  return life.fromMs < fromMs && life.toMs > toMs;
}

function span({ fromMs, toMs }: Life): string {
  return toMs === Infinity ? `from ${ms(fromMs)} on` : `from ${ms(fromMs)} to ${ms(toMs)}`;
}

function ms(value: number): string {
  return value.toFixed(1);
}
