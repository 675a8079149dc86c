/** When each reservation lived, and how many each buyer had, by what the counter issued. */
import type { IssuedRecord } from "./records.ts";
import { Steps } from "./steps.ts";

/** One stretch of time in which a reservation had its tickets; a revived one has two. */
export interface Life {
  readonly fromMs: number;
  /** When it was paid, and when its tickets went back; Infinity if never. */
  confirmedMs: number;
  toMs: number;
}

export interface Reservation {
  readonly id: string;
  readonly qty: number;
  readonly buyer: string;
  readonly lives: Life[];
}

export class Reservations {
  readonly #byId = new Map<string, Reservation>();
  readonly #unitsByBuyer = new Map<string, Steps>();
  readonly #nobody = new Steps(0);
  readonly #units = new Map<string, number>();

  /** The records in stream order. */
  constructor(issued: readonly IssuedRecord[]) {
    for (const record of issued) this.#add(record);
  }

  #add({ atMs, event: { kind, id, qty, buyer } }: IssuedRecord): void {
    const reservation = this.#byId.get(id);
    const life = reservation?.lives.at(-1);
    const lives = life !== undefined && life.toMs === Infinity;
    switch (kind) {
      case "H":
        if (reservation !== undefined) return;
        this.#byId.set(id, {
          id,
          qty,
          buyer,
          lives: [{ fromMs: atMs, confirmedMs: Infinity, toMs: Infinity }],
        });
        this.#change(buyer, qty, atMs);
        return;
      case "C":
        if (lives) life.confirmedMs = Math.min(life.confirmedMs, atMs);
        else if (reservation !== undefined) {
          reservation.lives.push({ fromMs: atMs, confirmedMs: atMs, toMs: Infinity });
          this.#change(buyer, qty, atMs);
        }
        return;
      case "X":
      case "L":
      case "R":
        if (!lives) return;
        life.toMs = atMs;
        this.#change(buyer, -qty, atMs);
        return;
      case "refund":
    }
  }

  #change(buyer: string, qty: number, atMs: number): void {
    if (buyer === "") return;
    const units = (this.#units.get(buyer) ?? 0) + qty;
    this.#units.set(buyer, units);
    let steps = this.#unitsByBuyer.get(buyer);
    if (steps === undefined) this.#unitsByBuyer.set(buyer, (steps = new Steps(0)));
    steps.set(atMs, units);
  }

  get(id: string): Reservation | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Reservation> {
    return this.#byId.values();
  }

  /** Tickets that the buyer held and owned, over time. */
  unitsOf(buyer: string): Steps {
    return this.#unitsByBuyer.get(buyer) ?? this.#nobody;
  }
}
