/**
 * Calls from ticket servers and order workers to Redis and to the order database: who asked what,
 * until it is answered or given up.
 */
import type { CounterCall, CounterReply, OutboxEvent } from "../../core/counter/calls.ts";
import type { DatabaseCall, DatabaseReply } from "../../core/orders/calls.ts";
import { Numbered } from "../kernel/numbered.ts";

/** What can be asked. Outbox operations go to Redis like scripts. */
export type Asked =
  | { readonly to: "counter"; readonly call: CounterCall }
  | {
      readonly to: "outbox-read";
      readonly consumer: string;
      readonly count: number;
      readonly claimIdleMs: number;
    }
  | { readonly to: "outbox-ack"; readonly positions: readonly string[] }
  | { readonly to: "database"; readonly call: DatabaseCall };

export type Reply =
  | { readonly to: "counter"; readonly reply: CounterReply }
  | { readonly to: "outbox-read"; readonly events: readonly OutboxEvent[] }
  | { readonly to: "outbox-ack" }
  | { readonly to: "database"; readonly reply: DatabaseReply }
  | { readonly to: "error"; readonly error: string };

/** Receives what becomes of its calls. */
export interface Caller {
  completed(index: number, incarnation: number, op: number, reply: Reply): void;
}

export class OpenCall {
  readonly caller: Caller;
  /** Which server or worker, and which start of it. */
  readonly index: number;
  readonly incarnation: number;
  readonly op: number;
  readonly asked: Asked;
  /** Set when the answer is on its way. */
  reply: Reply | null = null;

  constructor(caller: Caller, index: number, incarnation: number, op: number, asked: Asked) {
    this.caller = caller;
    this.index = index;
    this.incarnation = incarnation;
    this.op = op;
    this.asked = asked;
  }
}

export class Calls {
  readonly #open = new Numbered<OpenCall>();

  open(call: OpenCall): number {
    return this.#open.add(call);
  }

  get(number: number): OpenCall | undefined {
    return this.#open.get(number);
  }

  /** The call is over for its caller: whatever comes later is ignored. */
  close(number: number, reply: Reply): void {
    const call = this.#open.remove(number);
    if (call !== undefined) call.caller.completed(call.index, call.incarnation, call.op, reply);
  }
}
