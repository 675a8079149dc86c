/** The four requests of a ticket server's clients, each recorded in the history. */
import { Agent } from "node:http";
import type { CallRecord, Caller, HistorySink } from "../../core/history/records.ts";
import { UnknownIds } from "../../core/history/unknown-ids.ts";
import type { RunClock } from "./clock.ts";
import { exchange } from "./exchange.ts";
import type { Stop } from "./stop.ts";
import { NOTHING, readAnswer } from "./told.ts";

/** What is asked, of whom and on whose behalf. */
export interface Question {
  readonly kind: CallRecord["kind"];
  readonly caller: Caller;
  readonly id: string;
  /** Base URL. */
  readonly front: string;
  readonly buyer?: string;
  readonly qty?: number;
  readonly paymentId?: string;
  /** On the run's clock, when it should have been sent; absent: now. */
  readonly dueMs?: number;
  readonly timeoutMs: number;
  readonly losesReply?: boolean;
  readonly localAddress?: string | null;
}

/** A call without what its caller makes of the answer. */
export type Heard = Omit<CallRecord, "final">;

export class Client {
  readonly #clock: RunClock;
  readonly #history: HistorySink;
  readonly #stop: Stop;
  readonly #sale: string | null;
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 1024 });
  readonly unknown = new UnknownIds();
  /** Answers with the status of a ticket server that were none, or not to the question asked. */
  garbled = 0;

  constructor(options: {
    readonly clock: RunClock;
    readonly history: HistorySink;
    readonly stop: Stop;
    /** Names the sale in each request; null leaves it to the server. */
    readonly sale: string | null;
  }) {
    this.#clock = options.clock;
    this.#history = options.history;
    this.#stop = options.stop;
    this.#sale = options.sale;
  }

  /** Asks and hears. The caller must pass the result on to `record`, with what he makes of it. */
  async ask(question: Question): Promise<Heard> {
    const { kind, caller, id, front, buyer = "", qty = 0, paymentId = "" } = question;
    const startMs = this.#clock.nowMs();
    const exchanged = await exchange({
      agent: this.#agent,
      front,
      ...this.#http(question),
      timeoutMs: question.timeoutMs,
      losesReply: question.losesReply ?? false,
      localAddress: question.localAddress ?? null,
      stop: this.#stop,
    });
    const leftMs = this.#clock.nowMs();
    const told = exchanged.kind === "answered" ? readAnswer(kind, id, exchanged.body) : null;
    if (told === null && exchanged.kind === "answered" && !isGatewayError(exchanged.status))
      this.garbled += 1;
    return {
      type: "call",
      kind,
      caller,
      id,
      buyer,
      qty,
      paymentId,
      front: front.slice(front.indexOf("//") + 2),
      startMs,
      lateMs: Math.max(0, startMs - (question.dueMs ?? startMs)),
      endMs: told === null ? null : leftMs,
      leftMs,
      ...(told ?? NOTHING),
      ...(exchanged.kind === "unsent" && { outcome: "UNSENT" }),
    };
  }

  /** Writes the call down; `final` if its caller went away for good on it without a ticket. */
  record(heard: Heard, final = false): void {
    const call: CallRecord = { ...heard, final };
    this.unknown.heard(call);
    this.#history.add(call);
  }

  #http({ kind, id, buyer = "", qty = 1, paymentId = "" }: Question): {
    readonly method: "GET" | "POST";
    readonly path: string;
    readonly body: object | null;
  } {
    const order = `/orders/${encodeURIComponent(id)}`;
    switch (kind) {
      case "buy": {
        const sale = this.#sale === null ? {} : { sale: this.#sale };
        const name = buyer === "" ? {} : { buyer };
        return { method: "POST", path: "/buy/ticket", body: { ...sale, id, ...name, qty } };
      }
      case "pay":
        return { method: "POST", path: `${order}/pay`, body: { paymentId } };
      case "cancel":
        return { method: "POST", path: `${order}/cancel`, body: null };
      case "query":
        return { method: "GET", path: order, body: null };
    }
  }

  /** Closes the connections that are kept open for reuse. */
  close(): void {
    this.#agent.destroy();
  }
}

/** What a proxy says when it has no answer of a ticket server. */
function isGatewayError(status: number): boolean {
  return status === 502 || status === 503 || status === 504 || status === 499;
}
