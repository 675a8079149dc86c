/**
 * keepalived's health checker of one real server: when does it notice that the server's condition
 * has changed?
 *
 * A run of an hour has too many checks to make each an event. Between two changes of condition the
 * checks repeat with a fixed period, so the checker's state at any time, and the next time at which
 * its opinion flips, follow by arithmetic.
 *
 * ```ts
 * const checker = new HealthChecker(TCP_CHECK, 0, stream, serverId);
 * const downNs = checker.serverFailed(nowNs, "refused"); // schedule an event then...
 * if (!checker.isUp(downNs)) pool.serverDown(serverId, downNs); // ...which asks again
 * ```
 *
 * Source: keepalived 2.2.7 TCP_CHECK, recorded.
 */
import type { Stream } from "../../../kernel/random.ts";

const NS_PER_SECOND = 1e9;
/** keepalived starts no check in its first second. */
const BOOTSTRAP_SECONDS = 1;
/** Linux repeats an unanswered SYN after 1, 3, 7, 15... seconds. */
const FIRST_SYN_RETRY_SECONDS = 1;
/** When nothing would flip the checker's opinion. */
export const NEVER = Infinity;

/** What a check meets: success, a reset at once, or silence until its time limit. */
export type Condition = "serving" | "refused" | "blackhole";

/** keepalived's own names and units. */
export interface HealthCheckConfig {
  /** Seconds from one check to the next. */
  readonly delayLoopSeconds: number;
  readonly connectTimeoutSeconds: number;
  /** Failed checks are repeated this often before the server is declared down. */
  readonly retry: number;
  readonly delayBeforeRetrySeconds: number;
  /** The first check comes at random within this; default: `delayLoopSeconds`. */
  readonly warmupSeconds?: number;
  /** The server counts as down until its first good check. Default false. */
  readonly alpha?: boolean;
}

/** Defaults of TCP_CHECK. */
export const TCP_CHECK: HealthCheckConfig = {
  delayLoopSeconds: 60,
  connectTimeoutSeconds: 5,
  retry: 1,
  delayBeforeRetrySeconds: 1,
};

/** Defaults of HTTP_GET, as far as they matter here. */
export const HTTP_GET: HealthCheckConfig = { ...TCP_CHECK, delayBeforeRetrySeconds: 3 };

export interface DelayBounds {
  readonly lowSeconds: number;
  readonly highSeconds: number;
}

/** Within what time after a lasting failure the server is declared down: in (low, high]. */
export function detectionBounds(
  config: HealthCheckConfig,
  failure: "refused" | "blackhole",
): DelayBounds {
  const checks = failure === "refused" ? 0 : (1 + config.retry) * config.connectTimeoutSeconds;
  const lowSeconds = checks + config.retry * config.delayBeforeRetrySeconds;
  return { lowSeconds, highSeconds: lowSeconds + config.delayLoopSeconds };
}

/** Within what time after a lasting recovery the server is back: in (low, high]. */
export function recoveryBounds(
  config: HealthCheckConfig,
  failure: "refused" | "blackhole",
): DelayBounds {
  // A check that was under way when the black hole lifted may still run into its time limit.
  const underWay = failure === "refused" ? 0 : config.connectTimeoutSeconds;
  const pause = Math.max(config.delayLoopSeconds, config.delayBeforeRetrySeconds);
  return { lowSeconds: 0, highSeconds: underWay + pause };
}

export class HealthChecker {
  readonly #delayLoopNs: number;
  readonly #connectTimeoutNs: number;
  readonly #retry: number;
  readonly #delayBeforeRetryNs: number;
  #up: boolean;
  /** Failed checks in a row within the current round of retries. */
  #retries = 0;
  /** Start of the check that is under way or comes next. */
  #checkNs: number;
  #condition: Condition = "serving";
  #conditionSinceNs = -Infinity;

  /** @param id key of the draw for the first check's time */
  constructor(config: HealthCheckConfig, startNs: number, stream: Stream, id: number) {
    this.#delayLoopNs = config.delayLoopSeconds * NS_PER_SECOND;
    this.#connectTimeoutNs = config.connectTimeoutSeconds * NS_PER_SECOND;
    this.#retry = config.retry;
    this.#delayBeforeRetryNs = config.delayBeforeRetrySeconds * NS_PER_SECOND;
    this.#up = !(config.alpha ?? false);
    const warmupNs = (config.warmupSeconds ?? config.delayLoopSeconds) * NS_PER_SECOND;
    this.#checkNs =
      startNs + BOOTSTRAP_SECONDS * NS_PER_SECOND + Math.round(stream.uniform(id) * warmupNs);
  }

  /** keepalived's opinion of the server, checks that end at `nowNs` included. */
  isUp(nowNs: number): boolean {
    this.#runChecks(nowNs);
    return this.#up;
  }

  /**
   * The server fails at `nowNs`.
   *
   * @returns when the checker's opinion flips next if nothing else happens, or NEVER
   */
  serverFailed(nowNs: number, failure: "refused" | "blackhole"): number {
    return this.#change(nowNs, failure);
  }

  /** The server answers again from `nowNs`. Returns as `serverFailed`. */
  serverRecovered(nowNs: number): number {
    return this.#change(nowNs, "serving");
  }

  /**
   * When the checker's opinion flips next if the condition lasts, or NEVER. Ask again after each
   * flip: a check under way while a black hole lifts can declare a good server down.
   */
  nextFlipNs(): number {
    const up = this.#up;
    const retries = this.#retries;
    const checkNs = this.#checkNs;
    let endNs = NEVER;
    while (!this.#isSettled() && this.#up === up) {
      endNs = this.#endOfCheck();
      this.#finishCheck(endNs);
    }
    if (this.#up === up) endNs = NEVER;
    this.#up = up;
    this.#retries = retries;
    this.#checkNs = checkNs;
    return endNs;
  }

  #change(nowNs: number, condition: Condition): number {
    this.#runChecks(nowNs);
    this.#condition = condition;
    this.#conditionSinceNs = nowNs;
    return this.nextFlipNs();
  }

  /** True if the checks to come will repeat what is known, as long as the condition lasts. */
  #isSettled(): boolean {
    if (this.#checkNs < this.#conditionSinceNs) return false;
    return this.#up === (this.#condition === "serving");
  }

  #runChecks(nowNs: number): void {
    for (;;) {
      if (this.#isSettled()) this.#skipPeriods(nowNs);
      const endNs = this.#endOfCheck();
      if (endNs > nowNs) return;
      this.#finishCheck(endNs);
    }
  }

  /** Leaves out whole periods of checks that change nothing. */
  #skipPeriods(nowNs: number): void {
    if (this.#retries > 0) return;
    const failing = this.#condition !== "serving";
    const checksNs = this.#condition === "blackhole" ? this.#connectTimeoutNs : 0;
    // A server that is down is checked in the same rounds, retries included (recorded).
    const periodNs = failing
      ? (1 + this.#retry) * checksNs + this.#retry * this.#delayBeforeRetryNs + this.#delayLoopNs
      : this.#delayLoopNs;
    const periods = Math.floor((nowNs - this.#checkNs) / periodNs);
    if (periods > 0) this.#checkNs += periods * periodNs;
  }

  /** When the check that starts at `#checkNs` ends; a check that is answered takes no time. */
  #endOfCheck(): number {
    const timeLimitNs = this.#checkNs + this.#connectTimeoutNs;
    if (this.#condition === "blackhole") return timeLimitNs;
    if (this.#checkNs >= this.#conditionSinceNs) return this.#checkNs;
    // The check set out into a black hole that has lifted since: the next repeated SYN gets an
    // answer, unless the time limit comes first.
    let pauseNs = FIRST_SYN_RETRY_SECONDS * NS_PER_SECOND;
    let synNs = this.#checkNs + pauseNs;
    while (synNs < this.#conditionSinceNs) {
      pauseNs *= 2;
      synNs += pauseNs;
    }
    return Math.min(synNs, timeLimitNs);
  }

  #finishCheck(endNs: number): void {
    const timedOut = endNs === this.#checkNs + this.#connectTimeoutNs;
    if (this.#condition === "serving" && !timedOut) {
      this.#up = true;
      this.#retries = 0;
      this.#checkNs = endNs + this.#delayLoopNs;
    } else if (this.#retries >= this.#retry) {
      this.#up = false;
      this.#retries = 0;
      this.#checkNs = endNs + this.#delayLoopNs;
    } else {
      this.#retries += 1;
      this.#checkNs = endNs + this.#delayBeforeRetryNs;
    }
  }
}
