/** The first record of a run's history: whose history it is, and the rules it is judged by. */
import type { RunRecord } from "../../core/history/records.ts";
import type { Strategy } from "../../core/strategy.ts";
import type { RunConfig } from "../../sim/result.ts";
import { SKEW_MS } from "../load/clock.ts";

export function runRecord(
  { scenario, seed, strategy: name }: RunConfig,
  strategy: Strategy,
  startUnixMs: number,
): RunRecord {
  const { sale, rules } = scenario;
  const source = strategy.counter.outbox === null ? "none" : "outbox";
  return {
    type: "run",
    schemaVersion: 1,
    seed: seed.toString(),
    scenario: scenario.name,
    strategy: name,
    authority: strategy.authority,
    source: strategy.authority === "database" ? "stock" : source,
    startUnixMs,
    skewMs: SKEW_MS,
    tickets: sale.tickets,
    holdMs: sale.holdMs,
    // Whatever late payments are worth: holds are swept no earlier.
    graceMs: sale.graceMs,
    maxPerBuyer: sale.maxPerBuyer,
    latePayment: sale.latePayment,
    refillBoundMs: rules.pollMs + rules.callTimeoutMs,
    replyBoundMs: rules.callTimeoutMs,
  };
}
