/**
 * Random histories of a counter, drawn from the seed: what servers, sweepers, operators and the
 * order worker ask of it, few ids, buyers and payments so that they meet, and times in which holds
 * run out. Plain data, for the twin and for Redis alike.
 *
 * Beside what a well-behaved project asks there is what it must survive: an operator who runs `init`
 * again or resizes by an old figure, a server of a bygone epoch, a request that comes too late, an
 * argument that is no number, a hash that is lost, a Redis without memory.
 */
import type { CounterCall, LatePayment, ReserveItem } from "../../../core/counter/calls.ts";
import { Randomness } from "../../../sim/kernel/random.ts";
import type { Stream } from "../../../sim/kernel/random.ts";

export type Operation =
  | { readonly do: "call"; readonly stepMs: number; readonly call: CounterCall }
  /** The order worker moves all events to the order book. */
  | { readonly do: "record" }
  /** Recovery sets counter time off from Redis's clock. */
  | { readonly do: "set the clock offset"; readonly offsetMs: number }
  /** Redis loses the sale's hash and nothing else. */
  | { readonly do: "lose the sale" }
  /** From now on Redis is past its memory limit, or no longer. */
  | { readonly do: "memory"; readonly full: boolean };

export interface History {
  readonly total: number;
  readonly epoch: number;
  readonly startMs: number;
  readonly graceMs: number;
  readonly latePayment: LatePayment;
  readonly maxPerBuyer: number;
  readonly operations: readonly Operation[];
}

const EPOCH = 3;
const START_MS = 1_700_000_000_000;
/** Longer than any history: rows stay, so that an id is one reservation for good. */
const RETAIN_MS = 1_000_000_000;
const LENGTH = 80;
const IDS = ["a", "b", "c", "d", "e", "f", "g", "h"];
const BUYERS = ["", "ann", "bob"];
const NO_QUANTITIES = [0, -1, -3, 1.5, 1_000_000_000];

/** One draw after the other: the history is made in one go, so order is all the key it needs. */
class Dice {
  readonly #stream: Stream;
  #next = 0;

  constructor(seed: bigint) {
    this.#stream = new Randomness(seed).stream("zoo/counter");
  }

  whole(least: number, most: number): number {
    this.#next += 1;
    return this.#stream.between(this.#next, least, most);
  }

  oneOf<T>(choices: readonly T[]): T {
    return choices[this.whole(0, choices.length - 1)];
  }

  oneIn(count: number): boolean {
    return this.whole(1, count) === 1;
  }
}

interface Rules {
  readonly graceMs: number;
  readonly latePayment: LatePayment;
  readonly maxPerBuyer: number;
}

export function drawHistory(seed: bigint): History {
  const dice = new Dice(seed);
  const rules: Rules = {
    graceMs: dice.oneOf([0, 5, 20]),
    latePayment: dice.oneOf(["lazy", "strict", "revive"]),
    maxPerBuyer: dice.oneOf([0, 2, 3]),
  };
  const total = dice.whole(3, 9);
  const operations: Operation[] = [];
  for (let i = 0; i < LENGTH; i += 1) operations.push(drawOperation(dice, rules, i));
  operations.push({ do: "memory", full: false }, { do: "record" });
  return { total, epoch: EPOCH, startMs: START_MS, ...rules, operations };
}

function drawOperation(dice: Dice, rules: Rules, i: number): Operation {
  if (dice.oneIn(12)) return { do: "record" };
  if (dice.oneIn(25)) return { do: "memory", full: dice.oneIn(2) };
  if (dice.oneIn(60)) return { do: "set the clock offset", offsetMs: dice.oneOf([-40, 0, 25]) };
  // Nothing can happen to the sale after that, so it comes late, and in few histories.
  if (i > LENGTH - 12 && dice.oneIn(12)) return { do: "lose the sale" };
  const stepMs = dice.oneOf([0, 0, 1, 5, 10, 20, 50, -30]);
  return { do: "call", stepMs, call: drawCall(dice, rules) };
}

function drawCall(dice: Dice, rules: Rules): CounterCall {
  const epoch = dice.oneIn(25) ? EPOCH - 1 : EPOCH;
  switch (dice.whole(1, 20)) {
    case 1:
      return { script: "init", total: dice.whole(3, 9), epoch: EPOCH };
    case 2:
      return {
        script: "resize",
        epoch,
        newTotal: dice.whole(1, 9),
        expectedTotal: dice.whole(3, 9),
      };
    case 3:
      return { script: "grant", epoch, server: dice.oneOf(["s1", "s2"]), liveMs: 50 };
    case 4:
    case 5:
      return { script: "release", epoch, items: drawIds(dice) };
    case 6:
      return { script: "refund", epoch, items: drawIds(dice) };
    case 7:
      return { script: "settle", epoch, items: drawIds(dice) };
    case 8:
    case 9:
    case 10:
      return {
        script: "sweep",
        epoch,
        limit: dice.oneOf([1, 2, 100]),
        graceMs: rules.graceMs,
        retainMs: RETAIN_MS,
      };
    case 11:
    case 12:
    case 13:
    case 14:
      return {
        script: "confirm",
        epoch,
        latePayment: rules.latePayment,
        items: items(dice, () => drawPayment(dice)),
      };
    default:
      return {
        script: "reserve",
        epoch,
        server: dice.oneOf(["s1", "s2"]),
        incarnation: dice.whole(0, 1),
        items: items(dice, () => drawReservation(dice, rules)),
      };
  }
}

function items<T>(dice: Dice, draw: () => T): T[] {
  return Array.from({ length: dice.oneOf([1, 1, 2, 3]) }, draw);
}

function drawIds(dice: Dice): { id: string }[] {
  return items(dice, () => ({ id: dice.oneOf(IDS) }));
}

/** Most payments are for the reservation that they name; some name another one's. */
function drawPayment(dice: Dice): { id: string; paymentId: string } {
  const id = dice.oneOf(IDS);
  const payer = dice.oneIn(8) ? dice.oneOf(IDS) : id;
  return { id, paymentId: `${dice.oneOf(["pay", "pay", "again"])}-${payer}` };
}

/** The same id asks for the same, but for one in eight. */
function drawReservation(dice: Dice, { maxPerBuyer }: Rules): ReserveItem {
  const number = dice.whole(0, IDS.length - 1);
  const isChanged = dice.oneIn(8);
  const qty = 1 + ((number + (isChanged ? 1 : 0)) % 3);
  return {
    id: IDS[number],
    qty: dice.oneIn(25) ? dice.oneOf(NO_QUANTITIES) : qty,
    buyer: BUYERS[number % BUYERS.length],
    ttlMs: dice.oneOf([1, 20, 50]),
    maxPerBuyer,
    requestDeadlineMs: dice.oneIn(6) ? START_MS + dice.whole(0, 600) : 0,
  };
}
