/** One small sale under load: the service, the buyers and the history of both. */
import * as v from "valibot";
import { HistoryLog } from "../../../core/history/history.ts";
import type { History } from "../../../core/history/history.ts";
import type { CallRecord } from "../../../core/history/records.ts";
import { ScenarioSchema } from "../../../sim/scenario/schema.ts";
import type { Scenario } from "../../../sim/scenario/schema.ts";
import { Buyers } from "../buyers.ts";
import type { BuyersOptions } from "../buyers.ts";
import { RunClock, SKEW_MS } from "../clock.ts";
import { noLoadFaults } from "../faults.ts";
import { Service } from "./service.ts";

type ScenarioInput = v.InferInput<typeof ScenarioSchema>;

/** Twenty buyers in a fifth of a second, quick to pay. */
const QUICK: ScenarioInput = {
  sale: { tickets: 10, holdMs: 5000, graceMs: 50 },
  buyers: {
    count: 20,
    ratePerSecond: 100,
    noShow: 0,
    payAfterMs: { least: 10, most: 50 },
    timeoutMs: 5000,
    retries: 3,
    retryAfterMs: { least: 10, most: 30 },
  },
  payments: { redeliverMs: 40 },
};

export class Scene {
  readonly scenario: Scenario;
  readonly clock = new RunClock();
  readonly faults = noLoadFaults();
  readonly service: Service;
  readonly log: HistoryLog;
  url = "";
  buyers!: Buyers;

  constructor(sale: ScenarioInput["sale"] = {}, buyers: ScenarioInput["buyers"] = {}) {
    const scenario = {
      ...QUICK,
      sale: { ...QUICK.sale, ...sale },
      buyers: { ...QUICK.buyers, ...buyers },
    };
    this.scenario = v.parse(ScenarioSchema, scenario);
    this.service = new Service(this.scenario, this.clock);
    const { tickets, holdMs, graceMs, maxPerBuyer, latePayment } = this.scenario.sale;
    this.log = new HistoryLog({
      type: "run",
      schemaVersion: 1,
      seed: "1",
      scenario: "scene",
      strategy: "pre-deduct",
      authority: "counter",
      source: "outbox",
      startUnixMs: this.clock.startUnixMs,
      skewMs: SKEW_MS,
      tickets,
      holdMs,
      graceMs,
      maxPerBuyer,
      latePayment,
      refillBoundMs: 200,
      replyBoundMs: 100,
    });
  }

  async open(options: Partial<BuyersOptions> = {}): Promise<this> {
    this.url = await this.service.start();
    this.buyers = new Buyers({
      scenario: this.scenario,
      seed: 1n,
      fronts: [this.url],
      clock: this.clock,
      history: this.log,
      faults: this.faults,
      ...options,
    });
    return this;
  }

  /** Plays the sale to its end: buyers, lost outcomes, and a probe if `probed`. */
  async play(probed = false): Promise<History> {
    await this.buyers.run();
    await this.buyers.resolveUnknown([this.url]);
    this.log.add({ type: "settled", atMs: this.clock.nowMs() });
    if (probed) await this.buyers.probe([this.url]);
    return this.history();
  }

  /** As it is now, with what the service issued. */
  history(): History {
    for (const record of this.service.records()) this.log.add(record);
    return this.log.history();
  }

  calls(): CallRecord[] {
    return [...this.log.history().calls];
  }

  async close(): Promise<void> {
    this.buyers.close();
    await this.service.stop();
  }
}
