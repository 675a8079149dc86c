/**
 * A correct counter as small as the rules allow, written from the protocol's table of states and
 * without a look at the scripts or their twin: the checks of the answers are checked with it.
 */
import type {
  CounterAudit,
  CounterCall,
  CounterReply,
  ItemCode,
  ItemResult,
} from "../../core/counter/calls.ts";

type CallOf<S extends CounterCall["script"]> = Extract<CounterCall, { script: S }>;
type State = ItemResult["state"];

interface Row {
  state: State;
  readonly qty: number;
  readonly buyer: string;
  readonly maxPerBuyer: number;
  readonly deadlineMs: number;
}

export class ReferenceCounter {
  #total: number;
  readonly #rows = new Map<string, Row>();
  readonly #payments = new Map<string, { readonly id: string; readonly code: ItemCode }>();

  constructor(total: number) {
    this.#total = total;
  }

  apply(call: CounterCall, timeMs: number): CounterReply {
    let code: CounterReply["code"] = "OK";
    let results: ItemResult[] = [];
    let swept: { id: string; qty: number }[] = [];
    switch (call.script) {
      case "reserve":
        results = call.items.map((item) => this.#result(item.id, this.#reserve(item, timeMs)));
        break;
      case "confirm":
        results = call.items.map((item) =>
          this.#result(item.id, this.#pay(item, call.latePayment, timeMs)),
        );
        break;
      case "release":
        results = call.items.map(({ id }) => this.#result(id, this.#release(id)));
        break;
      case "refund":
        results = call.items.map(({ id }) => this.#result(id, this.#refund(id)));
        break;
      case "sweep":
        swept = this.#sweep(call, timeMs);
        break;
      case "resize":
        code = this.#resize(call);
        break;
      default:
        break;
    }
    const left = this.#free;
    const stock = { epoch: 1, generation: 0, left, timeMs };
    return { error: null, code, ...stock, results, swept, liveServers: 0, audit: null };
  }

  audit(): CounterAudit {
    const units = (state: State): number => this.#sum((row) => row.state === state);
    const named = this.#sum((row) => isLive(row) && row.buyer !== "");
    const heldRows = [...this.#rows.values()].filter(({ state }) => state === "H").length;
    return {
      total: this.#total,
      sold: units("H") + units("C"),
      heldUnits: units("H"),
      confirmedUnits: units("C"),
      heldRows,
      deadlines: heldRows,
      buyerUnits: named,
      namedUnits: named,
    };
  }

  get #free(): number {
    return this.#total - this.#sum(isLive);
  }

  #sum(counts: (row: Row) => boolean): number {
    let units = 0;
    for (const row of this.#rows.values()) if (counts(row)) units += row.qty;
    return units;
  }

  #result(id: string, code: ItemCode): ItemResult {
    const row = this.#rows.get(id);
    const { state = "", qty = 0, deadlineMs = 0 } = row ?? {};
    return { code, state, qty, deadlineMs, server: "s1", incarnation: 0 };
  }

  #isOverLimit({ buyer, qty, maxPerBuyer }: Omit<Row, "state" | "deadlineMs">): boolean {
    if (buyer === "" || maxPerBuyer === 0) return false;
    return this.#sum((row) => isLive(row) && row.buyer === buyer) + qty > maxPerBuyer;
  }

  #reserve(item: CallOf<"reserve">["items"][number], timeMs: number): ItemCode {
    const { id, qty, buyer, maxPerBuyer, ttlMs, requestDeadlineMs } = item;
    const row = this.#rows.get(id);
    if (row !== undefined) {
      const isSame = row.state === "D" || (row.qty === qty && row.buyer === buyer);
      return isSame ? "DUP" : "CONFLICT";
    }
    if (requestDeadlineMs > 0 && timeMs > requestDeadlineMs) return "LATE";
    if (this.#isOverLimit(item)) return "USERLIMIT";
    if (this.#free < qty) return "SOLDOUT";
    this.#rows.set(id, { state: "H", qty, buyer, maxPerBuyer, deadlineMs: timeMs + ttlMs });
    return "OK";
  }

  #pay(
    { id, paymentId }: { readonly id: string; readonly paymentId: string },
    latePayment: CallOf<"confirm">["latePayment"],
    timeMs: number,
  ): ItemCode {
    const known = this.#payments.get(paymentId);
    if (known !== undefined) {
      if (known.id !== id) return "PAYMENTCONFLICT";
      return known.code === "OK" || known.code === "REVIVED" ? "DUP" : known.code;
    }
    const code = this.#confirm(id, latePayment, timeMs);
    this.#payments.set(paymentId, { id, code });
    return code;
  }

  #confirm(id: string, latePayment: CallOf<"confirm">["latePayment"], timeMs: number): ItemCode {
    const row = this.#rows.get(id);
    switch (row?.state) {
      case undefined:
        this.#bury(id);
        return "NOSUCH";
      case "H":
        if (latePayment === "strict" && timeMs >= row.deadlineMs) return "EXPIRED";
        row.state = "C";
        return "OK";
      case "C":
        return "DOUBLEPAY";
      case "X":
        if (latePayment !== "revive" || this.#free < row.qty || this.#isOverLimit(row))
          return "EXPIRED";
        row.state = "C";
        return "REVIVED";
      default:
        return "RELEASED";
    }
  }

  #release(id: string): ItemCode {
    const row = this.#rows.get(id);
    if (row === undefined) {
      this.#bury(id);
      return "TOMBSTONE";
    }
    if (row.state === "C") return "CONFIRMED";
    if (row.state !== "H") return "DUP";
    row.state = "L";
    return "OK";
  }

  #refund(id: string): ItemCode {
    const row = this.#rows.get(id);
    if (row === undefined) return "NOSUCH";
    if (row.state === "R") return "DUP";
    if (row.state !== "C") return "NOTCONFIRMED";
    row.state = "R";
    return "OK";
  }

  #sweep({ graceMs, limit }: CallOf<"sweep">, timeMs: number): { id: string; qty: number }[] {
    const due = [...this.#rows]
      .filter(([, row]) => row.state === "H" && timeMs >= row.deadlineMs + graceMs)
      .slice(0, limit);
    for (const [, row] of due) row.state = "X";
    return due.map(([id, { qty }]) => ({ id, qty }));
  }

  #resize({ newTotal, expectedTotal }: CallOf<"resize">): CounterReply["code"] {
    if (this.#total === newTotal) return "DUP";
    if (this.#total !== expectedTotal) return "CONFLICT";
    if (newTotal < this.#sum(isLive)) return "BELOWSOLD";
    this.#total = newTotal;
    return "OK";
  }

  #bury(id: string): void {
    this.#rows.set(id, { state: "D", qty: 0, buyer: "", maxPerBuyer: 0, deadlineMs: 0 });
  }
}

function isLive({ state }: Row): boolean {
  return state === "H" || state === "C";
}
