/**
 * A ticket server that keeps its stock in the order database: what order-first and pay-first share.
 * They differ in the transaction for a new order, in the one for a payment, and in what an ACK is
 * worth to the buyer.
 */
import type { CounterAudit, CounterCall, CounterReply } from "../counter/calls.ts";
import type { DatabaseCall, DatabaseReply } from "../orders/calls.ts";
import { DATABASE_DEFINITE_ERRORS } from "../strategy.ts";
import type {
  Claim,
  CounterDefinition,
  ServerConfig,
  ServerEffect,
  ServerInput,
  TicketServer,
} from "../strategy.ts";

export interface DatabaseFlow {
  readonly place: "place-and-deduct" | "place";
  readonly pay: "pay" | "pay-and-deduct";
  readonly claim: Claim;
}

interface DatabaseServer {
  readonly config: ServerConfig;
  nextOp: number;
  draining: boolean;
  readonly inflight: Map<number, Asked>;
}

interface Asked {
  readonly kind: "buy" | "pay" | "cancel" | "query";
  readonly handle: number;
  readonly id: string;
}

export function databaseServer(flow: DatabaseFlow): TicketServer<DatabaseServer> {
  return {
    create: (config) => ({ config, nextOp: 1, draining: false, inflight: new Map() }),
    step: (state, input, _nowMs, out) => step(flow, state, input, out),
  };
}

function step(
  flow: DatabaseFlow,
  state: DatabaseServer,
  input: ServerInput,
  out: ServerEffect[],
): void {
  switch (input.type) {
    case "buy": {
      const { handle, id, buyer, qty } = input;
      if (state.draining) {
        out.push({ type: "answer", handle, answer: "TRYAGAIN", id, reason: "draining" });
      } else if (state.inflight.size >= state.config.rules.waitingMax) {
        out.push({ type: "answer", handle, answer: "TRYAGAIN", id, reason: "overload" });
      } else {
        const { maxPerBuyer } = state.config.sale;
        const call = { call: flow.place, id, buyer, qty, maxPerBuyer };
        send(state, { kind: "buy", handle, id }, call, out);
      }
      return;
    }
    case "pay":
      send(
        state,
        { kind: "pay", handle: input.handle, id: input.id },
        { call: flow.pay, id: input.id, paymentId: input.paymentId },
        out,
      );
      return;
    case "cancel":
      send(
        state,
        { kind: "cancel", handle: input.handle, id: input.id },
        { call: "cancel", id: input.id },
        out,
      );
      return;
    case "query":
      send(
        state,
        { kind: "query", handle: input.handle, id: input.id },
        { call: "settle", id: input.id },
        out,
      );
      return;
    case "database-reply": {
      const asked = state.inflight.get(input.op);
      if (asked === undefined) return;
      state.inflight.delete(input.op);
      out.push(answer(flow, asked, input.reply));
      return;
    }
    case "database-failed": {
      const asked = state.inflight.get(input.op);
      if (asked === undefined) return;
      state.inflight.delete(input.op);
      out.push(failure(asked, DATABASE_DEFINITE_ERRORS.includes(input.error)));
      return;
    }
    case "drain":
      state.draining = true;
      return;
    default:
      return;
  }
}

function send(state: DatabaseServer, asked: Asked, call: DatabaseCall, out: ServerEffect[]): void {
  const op = state.nextOp;
  state.nextOp += 1;
  state.inflight.set(op, asked);
  out.push({ type: "call-database", op, call, timeoutMs: state.config.rules.callTimeoutMs });
}

function answer(flow: DatabaseFlow, asked: Asked, reply: DatabaseReply): ServerEffect {
  const { handle, id, kind } = asked;
  if (kind === "pay") {
    const paid = reply.code === "PAID" || reply.code === "PAYMENTCONFLICT" ? reply.code : "REFUND";
    return { type: "pay-answer", handle, answer: paid };
  }
  if (kind === "cancel") {
    const confirmed = reply.code === "CONFIRMED" || reply.code === "PAID";
    return { type: "cancel-answer", handle, answer: confirmed ? "CONFIRMED" : "CANCELLED" };
  }
  switch (reply.code) {
    case "OK":
    case "DUP":
    case "PAID": {
      const paid = reply.code === "PAID";
      const { claim } = flow;
      return { type: "answer", handle, answer: "ACK", id, claim, deadlineMs: 0, paid };
    }
    case "SOLDOUT":
    case "USERLIMIT":
      return { type: "answer", handle, answer: reply.code, id };
    default:
      return { type: "answer", handle, answer: "TRYAGAIN", id, reason: "id-spent" };
  }
}

function failure(asked: Asked, definite: boolean): ServerEffect {
  const { handle, id, kind } = asked;
  if (kind === "pay") return { type: "pay-answer", handle, answer: "TRYAGAIN" };
  if (kind === "cancel") return { type: "cancel-answer", handle, answer: "TRYAGAIN" };
  return definite
    ? { type: "answer", handle, answer: "TRYAGAIN", id, reason: "unreachable" }
    : { type: "answer", handle, answer: "UNKNOWN", id };
}

/** These strategies leave the counter unused. */
export const NO_COUNTER: CounterDefinition<null> = {
  create: () => null,
  apply: (_state, call: CounterCall): CounterReply => {
    throw new Error(`this strategy has no counter, yet ${call.script} was called`);
  },
  audit: (): CounterAudit => {
    throw new Error("this strategy has no counter to audit");
  },
  outbox: null,
};
