/**
 * The oracle's own model of the reservations, fed with what the counter was asked and what it
 * answered. Written independently of the counter: it knows the rules, not the code.
 *
 * After every call: free + held + confirmed = T, a live buyer is within his limit, and each answer
 * is one that the model allows in the state it has.
 */
import type {
  CounterAudit,
  CounterCall,
  CounterReply,
  ItemResult,
  LatePayment,
  ReserveItem,
} from "../counter/calls.ts";
import type { Findings } from "./findings.ts";

type RowState = "held" | "confirmed" | "ended";

interface Row {
  state: RowState;
  readonly qty: number;
  readonly buyer: string;
  deadlineMs: number;
  /** When it ended; 0 before. */
  endedMs: number;
}

/** Answers to a reserve that deny a ticket. */
const REFUSALS: ReadonlySet<string> = new Set(["SOLDOUT", "USERLIMIT", "LATE", "NOTOPEN"]);

export class RowModel {
  readonly #rows = new Map<string, Row>();
  /** Payments that have had an answer. */
  readonly #payments = new Set<string>();
  readonly #unitsByBuyer = new Map<string, number>();
  readonly #findings: Findings;
  #total = 0;
  held = 0;
  confirmed = 0;
  heldRows = 0;
  /** Tickets by which the authority itself sold too many, at its worst. */
  oversold = 0;

  constructor(findings: Findings, total: number) {
    this.#findings = findings;
    this.#total = total;
  }

  get total(): number {
    return this.#total;
  }

  get free(): number {
    return this.#total - this.held - this.confirmed;
  }

  /** Every reservation that ever was, with the state it has now. */
  forEach(visit: (id: string, state: RowState, qty: number) => void): void {
    for (const [id, row] of this.#rows) visit(id, row.state, row.qty);
  }

  has(id: string): boolean {
    return this.#rows.has(id);
  }

  /** When the reservation ended; null if it lives or never was. */
  endedMs(id: string): number | null {
    const row = this.#rows.get(id);
    return row?.state === "ended" ? row.endedMs : null;
  }

  isConfirmed(id: string): boolean {
    return this.#rows.get(id)?.state === "confirmed";
  }

  /** Tickets that the buyer holds and owns. */
  unitsOf(buyer: string): number {
    return this.#unitsByBuyer.get(buyer) ?? 0;
  }

  /** Checks one call and its reply, and takes note of what they changed. */
  observe(call: CounterCall, reply: CounterReply, atMs: number): void {
    if (reply.error !== null || reply.code === "FENCED") return;
    switch (call.script) {
      case "resize":
        if (reply.code === "OK") this.#total = call.newTotal;
        this.oversold = Math.max(this.oversold, -this.free);
        break;
      case "reserve":
        call.items.forEach((item, i) => this.#reserved(item, reply.results[i], reply, atMs));
        break;
      case "confirm":
        call.items.forEach((item, i) => {
          // A redelivered payment hears its first answer again, whatever holds by now.
          if (!this.#payments.has(item.paymentId))
            this.#latePayment(item.id, reply.results[i], call.latePayment, reply.timeMs, atMs);
          this.#payments.add(item.paymentId);
          const { code } = reply.results[i];
          if (code === "OK" || code === "REVIVED") this.confirm(item.id, code, atMs);
        });
        break;
      case "release":
        call.items.forEach((item, i) => {
          if (reply.results[i].code === "OK") this.giveBack(item.id, "release", "held", atMs);
        });
        break;
      case "refund":
        call.items.forEach((item, i) => {
          if (reply.results[i].code === "OK") this.giveBack(item.id, "refund", "confirmed", atMs);
        });
        break;
      case "sweep":
        for (const swept of reply.swept) this.#swept(swept.id, reply.timeMs, call.graceMs, atMs);
        break;
      default:
        break;
    }
    if (reply.left !== this.free) {
      this.#findings.report(
        "conservation",
        atMs,
        `after ${call.script} the counter has ${reply.left} free, but ${this.#total} tickets ` +
          `less ${this.held} held and ${this.confirmed} confirmed leave ${this.free}`,
      );
    }
  }

  #reserved(item: ReserveItem, result: ItemResult, reply: CounterReply, atMs: number): void {
    const { id, qty, buyer } = item;
    const units = this.unitsOf(buyer);
    const limited = item.maxPerBuyer > 0 && buyer !== "";
    const row = this.#rows.get(id);
    const isKnown = row !== undefined && row.state !== "ended";
    // The id is looked up before anything else: whoever has a ticket is never refused under its id.
    if (isKnown && REFUSALS.has(result.code))
      this.#findings.report(
        "conservation",
        atMs,
        `${id} was refused with ${result.code} although it is reserved`,
      );
    switch (result.code) {
      case "OK":
        if (item.requestDeadlineMs > 0 && reply.timeMs > item.requestDeadlineMs)
          this.#findings.report(
            "unknown-resolved",
            atMs,
            `${id} was deducted ${reply.timeMs - item.requestDeadlineMs} ms after its request had expired`,
          );
        // A counter without reservations sells at once.
        this.take(id, item, result.state === "C" ? null : result.deadlineMs, atMs);
        return;
      case "SOLDOUT":
        if (this.free >= qty)
          this.#findings.report(
            "no-undersell",
            atMs,
            `the counter refused ${id} its ${qty} as sold out with ${this.free} free`,
          );
        return;
      case "USERLIMIT":
        if (!limited || units + qty <= item.maxPerBuyer)
          this.#findings.report(
            "buyer-limit",
            atMs,
            `buyer ${buyer} was refused ${qty} more while holding ${units} of at most ${item.maxPerBuyer}`,
          );
        return;
      case "DUP":
        if (result.state === "H" || result.state === "C") {
          if (!isKnown || row.qty !== qty || row.buyer !== buyer)
            this.#findings.report(
              "conservation",
              atMs,
              `${qty} for ${buyer} are said to be reserved as ${id}, but are not`,
            );
        }
        return;
      default:
        return;
    }
  }

  /**
   * `qty` tickets leave the stock for `id`: held until `deadlineMs` (counter time), or sold at once
   * if it is null.
   */
  take(
    id: string,
    { qty, buyer, maxPerBuyer }: Pick<ReserveItem, "qty" | "buyer" | "maxPerBuyer">,
    deadlineMs: number | null,
    atMs: number,
  ): void {
    if (this.#rows.has(id))
      this.#findings.report("conservation", atMs, `reservation ${id} was deducted twice`);
    if (this.free < qty)
      this.#findings.report(
        "no-oversell",
        atMs,
        `${id} got ${qty} of the tickets when ${this.free} of ${this.#total} were free`,
      );
    const units = this.unitsOf(buyer) + qty;
    if (maxPerBuyer > 0 && buyer !== "" && units > maxPerBuyer)
      this.#findings.report(
        "buyer-limit",
        atMs,
        `buyer ${buyer} holds ${units} of at most ${maxPerBuyer}`,
      );
    this.#unitsByBuyer.set(buyer, units);
    if (deadlineMs === null) {
      this.#rows.set(id, { state: "confirmed", qty, buyer, deadlineMs: 0, endedMs: 0 });
      this.confirmed += qty;
    } else {
      this.#rows.set(id, { state: "held", qty, buyer, deadlineMs, endedMs: 0 });
      this.held += qty;
      this.heldRows += 1;
    }
    this.oversold = Math.max(this.oversold, -this.free);
  }

  /** What a payment past the deadline means is the sale's policy, not the counter's choice. */
  #latePayment(
    id: string,
    { code }: ItemResult,
    policy: LatePayment,
    counterTimeMs: number,
    atMs: number,
  ): void {
    const row = this.#rows.get(id);
    if (row?.state !== "held") return;
    const late = counterTimeMs >= row.deadlineMs;
    if (code === "OK" && policy === "strict" && late)
      this.#findings.report(
        "conservation",
        atMs,
        `${id} was confirmed ${counterTimeMs - row.deadlineMs} ms past its deadline under strict`,
      );
    if (code === "EXPIRED" && !(policy === "strict" && late))
      this.#findings.report(
        "no-charge-in-vain",
        atMs,
        `a payment for ${id} was refused as expired while its ticket was held`,
      );
  }

  /** A payment confirms `id`: its hold (OK), or what had ended, deducted again (REVIVED). */
  confirm(id: string, code: "OK" | "REVIVED", atMs: number): void {
    const row = this.#rows.get(id);
    const legal = code === "OK" ? row?.state === "held" : row?.state === "ended";
    if (row === undefined || !legal) {
      this.#findings.report(
        "conservation",
        atMs,
        `${id} was confirmed (${code}) while ${row?.state ?? "never reserved"}`,
      );
      return;
    }
    if (code === "OK") {
      this.held -= row.qty;
      this.heldRows -= 1;
    } else {
      if (this.free < row.qty)
        this.#findings.report("no-oversell", atMs, `${id} was revived with ${this.free} free`);
      this.#addUnits(row.buyer, row.qty);
    }
    this.confirmed += row.qty;
    row.state = "confirmed";
    this.oversold = Math.max(this.oversold, -this.free);
  }

  /** The tickets of `id`, so far held or confirmed, go back to the stock by `what`. */
  giveBack(id: string, what: string, from: "held" | "confirmed", atMs: number): void {
    const row = this.#rows.get(id);
    if (row === undefined || row.state !== from) {
      this.#findings.report(
        "conservation",
        atMs,
        `${what} gave back ${id}, which was ${row?.state ?? "never reserved"}`,
      );
      return;
    }
    if (from === "held") {
      this.held -= row.qty;
      this.heldRows -= 1;
    } else {
      this.confirmed -= row.qty;
    }
    this.#addUnits(row.buyer, -row.qty);
    row.state = "ended";
    row.endedMs = atMs;
  }

  #swept(id: string, counterTimeMs: number, graceMs: number, atMs: number): void {
    const row = this.#rows.get(id);
    if (row?.state === "held" && counterTimeMs < row.deadlineMs + graceMs)
      this.#findings.report(
        "conservation",
        atMs,
        `${id} was swept ${row.deadlineMs + graceMs - counterTimeMs} ms too early`,
      );
    this.giveBack(id, "sweep", "held", atMs);
  }

  #addUnits(buyer: string, qty: number): void {
    this.#unitsByBuyer.set(buyer, this.unitsOf(buyer) + qty);
  }

  /** Compares the whole counter with the model. */
  audit(audit: CounterAudit, atMs: number): void {
    const wrong = this.differences(audit);
    if (wrong.length > 0)
      this.#findings.report("conservation", atMs, `an audit reads ${wrong.join(", ")}`);
  }

  /** What the counter has otherwise than the model, one phrase each. */
  differences(audit: CounterAudit): string[] {
    const wrong: string[] = [];
    const same = (name: string, counter: number, model: number): void => {
      if (counter !== model) wrong.push(`${name} ${counter} instead of ${model}`);
    };
    same("total", audit.total, this.#total);
    same("sold", audit.sold, this.held + this.confirmed);
    same("held by rows", audit.heldUnits, this.held);
    same("confirmed by rows", audit.confirmedUnits, this.confirmed);
    same("held rows", audit.heldRows, this.heldRows);
    same("deadlines", audit.deadlines, this.heldRows);
    same("buyer counts", audit.buyerUnits, audit.namedUnits);
    return wrong;
  }
}
