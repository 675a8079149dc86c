/**
 * The payment provider: it charges buyers at once, and delivers its message to the ticket servers
 * again and again until it gets a definite answer.
 */
import type { HistorySink } from "../../core/history/records.ts";
import type { Client } from "./client.ts";
import type { RunClock } from "./clock.ts";
import type { LoadFaults } from "./faults.ts";
import type { Stop } from "./stop.ts";

/** The provider waits this long for an answer. */
const TIMEOUT_MS = 10_000;
/** A second delivery of an answered message comes this long after the first. */
const DUPLICATE_AFTER_MS = 2000;
const DUPLICATES_MAX = 3;

export interface PaymentsOptions {
  readonly client: Client;
  readonly clock: RunClock;
  readonly history: HistorySink;
  readonly faults: LoadFaults;
  readonly stop: Stop;
  readonly redeliverMs: number;
  /** Where the next message goes. */
  readonly front: () => string;
  /** A draw in [0, 1). */
  readonly uniform: () => number;
}

export class Payments {
  readonly #options: PaymentsOptions;
  readonly #underWay = new Set<Promise<void>>();
  /** Charges without a definite answer. */
  pending = 0;

  constructor(options: PaymentsOptions) {
    this.#options = options;
  }

  /** A buyer pays for his reservation; `twice` if he pays on two devices. */
  charge(id: string, deadlineMs: number, twice: boolean): void {
    this.#charge("pay", id, deadlineMs);
    if (twice) this.#charge("pay-again", id, deadlineMs);
  }

  #charge(prefix: string, id: string, deadlineMs: number): void {
    const { history, clock } = this.#options;
    const paymentId = `${prefix}-${id}`;
    const times = { atMs: clock.nowMs(), unixMs: clock.unixMs() };
    history.add({ type: "charge", paymentId, id, ...times, deadlineMs });
    this.pending += 1;
    const delivery = this.#deliver(paymentId, id)
      .catch((error: unknown) => this.#options.stop.fail(error))
      .finally(() => this.#underWay.delete(delivery));
    this.#underWay.add(delivery);
  }

  async #deliver(paymentId: string, id: string): Promise<void> {
    const { client, faults, stop, redeliverMs, front, uniform } = this.#options;
    let answered = false;
    let afterMs = faults.paymentDelayMs;
    for (let duplicates = 0; await stop.sleep(afterMs);) {
      const heard = await client.ask({
        kind: "pay",
        caller: "provider",
        id,
        paymentId,
        front: front(),
        timeoutMs: TIMEOUT_MS,
      });
      client.record(heard);
      if (heard.endMs === null || heard.outcome === "TRYAGAIN") {
        afterMs = redeliverMs;
        continue;
      }
      if (!answered) this.pending -= 1;
      answered = true;
      if (duplicates >= DUPLICATES_MAX || uniform() >= faults.paymentDuplicates) return;
      duplicates += 1;
      afterMs = DUPLICATE_AFTER_MS;
    }
  }

  /** Resolves when no message is under way any more. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }
}
