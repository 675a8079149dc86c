/**
 * SPF throttling: how long a router waits after a change before it runs SPF.
 *
 * FRR 8.4.4 (`timers throttle spf delay hold max`): the hold grows by `holdMs` with each run that
 * is asked for too early; recorded with 200/1000/8000 and changes every 0.7 s, routes changed at
 * 0.21, 1.21, 3.21 and 6.21 s. Cisco NX-OS documents that it doubles instead.
 */
export interface SpfThrottleConfig {
  readonly delayMs: number;
  readonly holdMs: number;
  readonly maxMs: number;
  readonly growth: "linear" | "double";
}

/** FRR's defaults. */
export const SPF_THROTTLE_DEFAULT: SpfThrottleConfig = {
  delayMs: 0,
  holdMs: 50,
  maxMs: 5000,
  growth: "linear",
};

const NS_PER_MS = 1_000_000;

export class SpfThrottle {
  readonly #config: SpfThrottleConfig;
  #lastRunNs = -Infinity;
  #multiplier = 1;
  #pending = false;

  constructor(config: SpfThrottleConfig) {
    this.#config = config;
  }

  /** When to run SPF for a change at `nowNs`; undefined if a run that will see it is due anyway. */
  request(nowNs: number): number | undefined {
    if (this.#pending) return undefined;
    this.#pending = true;
    const { delayMs, holdMs, maxMs, growth } = this.#config;
    const delayNs = Math.round(delayMs * NS_PER_MS);
    const holdNs = Math.round(Math.min(holdMs * this.#multiplier, maxMs) * NS_PER_MS);
    const elapsedNs = nowNs - this.#lastRunNs;
    if (elapsedNs >= holdNs) {
      this.#multiplier = 1;
      return nowNs + delayNs;
    }
    if (holdNs < maxMs * NS_PER_MS) {
      this.#multiplier = growth === "linear" ? this.#multiplier + 1 : this.#multiplier * 2;
    }
    return nowNs + Math.max(delayNs, holdNs - elapsedNs);
  }

  /** The run that was asked for happens now. */
  ran(nowNs: number): void {
    this.#pending = false;
    this.#lastRunNs = nowNs;
  }
}
