/** Calls for tests, with a default for everything that a test does not speak of, and a sale. */
import { expect } from "vitest";
import type {
  CounterCall,
  CounterReply,
  ItemResult,
  LatePayment,
  ReserveItem,
} from "../../core/counter/calls.ts";
import type { CounterSubject, Snapshot } from "./subject.ts";

export const EPOCH = 7;
export const START_MS = 1_700_000_000_000;
export const TTL_MS = 1000;

export function reserveItem(id: string, item: Partial<ReserveItem> = {}): ReserveItem {
  return {
    id,
    qty: 1,
    buyer: "",
    ttlMs: TTL_MS,
    maxPerBuyer: 0,
    requestDeadlineMs: 0,
    ...item,
  };
}

/** One sale, one clock that the test moves, and the calls by the names that the protocol uses. */
export class Scene {
  readonly subject: CounterSubject;
  nowMs = START_MS;
  epoch = EPOCH;
  server = "s1";
  incarnation = 1;

  constructor(subject: CounterSubject) {
    this.subject = subject;
  }

  call(call: CounterCall): Promise<CounterReply> {
    return this.subject.apply(call, this.nowMs);
  }

  snapshot(): Promise<Snapshot> {
    return this.subject.snapshot();
  }

  async start(total: number): Promise<this> {
    expect((await this.init(total)).code).toBe("OK");
    expect((await this.open()).code).toBe("OK");
    return this;
  }

  init(total: number): Promise<CounterReply> {
    return this.call({ script: "init", total, epoch: this.epoch });
  }

  open(): Promise<CounterReply> {
    return this.call({ script: "open", epoch: this.epoch });
  }

  reserveAll(items: readonly ReserveItem[]): Promise<CounterReply> {
    const { epoch, server, incarnation } = this;
    return this.call({ script: "reserve", epoch, server, incarnation, items });
  }

  async reserve(id: string, item: Partial<ReserveItem> = {}): Promise<ItemResult> {
    return only(await this.reserveAll([reserveItem(id, item)]));
  }

  async confirm(
    id: string,
    paymentId: string,
    latePayment: LatePayment = "lazy",
  ): Promise<ItemResult> {
    const { epoch } = this;
    const items = [{ id, paymentId }];
    return only(await this.call({ script: "confirm", epoch, latePayment, items }));
  }

  async release(id: string, reason = ""): Promise<ItemResult> {
    return only(await this.call({ script: "release", epoch: this.epoch, reason, items: [{ id }] }));
  }

  async refund(id: string, reason = ""): Promise<ItemResult> {
    return only(await this.call({ script: "refund", epoch: this.epoch, reason, items: [{ id }] }));
  }

  async settle(id: string): Promise<ItemResult> {
    return only(await this.call({ script: "settle", epoch: this.epoch, items: [{ id }] }));
  }

  sweep(limit = 100, graceMs = 0, retainMs = 1_000_000): Promise<CounterReply> {
    return this.call({ script: "sweep", epoch: this.epoch, limit, graceMs, retainMs });
  }

  grant(server: string, liveMs = 1000): Promise<CounterReply> {
    return this.call({ script: "grant", epoch: this.epoch, server, liveMs });
  }

  resize(newTotal: number, expectedTotal: number): Promise<CounterReply> {
    return this.call({ script: "resize", epoch: this.epoch, newTotal, expectedTotal });
  }

  audit(): Promise<CounterReply> {
    return this.call({ script: "audit" });
  }

  /** The outbox as short texts: kind, id, payment. */
  async events(): Promise<string[]> {
    const { outbox } = await this.snapshot();
    return outbox.map(({ kind, id, paymentId }) => [kind, id, paymentId].join(" ").trim());
  }

  /** Conservation: what the counts say is what the rows say. */
  async expectConserved(): Promise<void> {
    const { audit, left } = await this.audit();
    const { total, sold, heldUnits, confirmedUnits, heldRows, deadlines } = audit!;
    expect(sold).toBe(heldUnits + confirmedUnits);
    expect(left).toBe(total - sold);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(deadlines).toBe(heldRows);
    expect(audit!.buyerUnits).toBe(audit!.namedUnits);
  }
}

function only(reply: CounterReply): ItemResult {
  expect(reply.error).toBe(null);
  expect(reply.code).toBe("OK");
  expect(reply.results).toHaveLength(1);
  return reply.results[0];
}
