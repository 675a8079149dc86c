/**
 * The servers of one list (the primaries, or the backups) and what a worker remembers about each.
 * Rules of nginx 1.22.1, `ngx_http_upstream_round_robin.c`; one array per field, index = server.
 */
import type { UpstreamServerConfig } from "./config.ts";
import { EvenRound } from "./even-round.ts";
import type { UpstreamRequest } from "./request.ts";

/**
 * A time before every other. nginx starts `checked` at 0 and its clock counts from 1970, so that
 * any fail_timeout has passed; a simulated clock starts at 0.
 */
const LONG_AGO_SECONDS = -(2 ** 31);

const INT32_MIN = -(2 ** 31);

/** No server of this list can take the request now. */
export const NO_PEER = -1;

export class Peers {
  readonly count: number;
  /** Includes servers that are `down`: a hash keeps its place for them. */
  readonly totalWeight: number;
  /** Servers that are not `down`: how many tries they are worth. */
  readonly tries: number;
  readonly addresses: readonly string[];
  /** Where each server stands in the configuration. */
  readonly configIndex: Int32Array;
  /** 0, 1, … count-1: the candidates when all of them are. */
  readonly everyone: Int32Array;

  readonly weight: Int32Array;
  readonly connections: Int32Array;
  readonly fails: Int32Array;
  /** When the last failure was noted. */
  readonly accessedSeconds: Float64Array;
  /** When the last failure was noted or, if later, the last pick that came after fail_timeout. */
  readonly checkedSeconds: Float64Array;

  readonly maxFails: Int32Array;
  readonly failTimeoutSeconds: Float64Array;
  readonly maxConnections: Int32Array;
  readonly down: Uint8Array;

  /** The result of `collectAvailable`; read only. */
  available: Int32Array;
  readonly #collected: Int32Array;

  /** 1 where `isAvailable` has to be asked; 0 promises that it would say yes. */
  readonly #suspect: Uint8Array;
  #suspects = 0;

  readonly #effectiveWeight: Int32Array;
  /** Not up to date while `#isEven`. */
  readonly #currentWeight: Int32Array;
  readonly #evenRound: EvenRound;
  /** Whether picks are made by `#evenRound`. */
  #isEven = false;
  /** Every server's weight; 0 if they differ, or some have max_conns: then picks are never even. */
  readonly #evenWeight: number;
  /** Until then nobody comes back who is left out. */
  #evenUntilSeconds = 0;
  /** Picks to be made the long way before it is worth sorting the servers again. */
  #unevenPicks = 0;

  /** @param configIndexes which of the servers are in this list, ascending */
  constructor(servers: readonly UpstreamServerConfig[], configIndexes: readonly number[]) {
    const own = configIndexes.map((index) => servers[index]);
    this.count = own.length;
    this.addresses = own.map((server) => server.address);
    this.configIndex = Int32Array.from(configIndexes);
    this.everyone = Int32Array.from(own.keys());
    this.#collected = new Int32Array(own.length);
    this.available = this.everyone;

    this.weight = Int32Array.from(own, (server) => server.weight ?? 1);
    this.#effectiveWeight = this.weight.slice();
    this.#currentWeight = new Int32Array(own.length);
    this.connections = new Int32Array(own.length);
    this.fails = new Int32Array(own.length);
    this.accessedSeconds = new Float64Array(own.length).fill(LONG_AGO_SECONDS);
    this.checkedSeconds = new Float64Array(own.length).fill(LONG_AGO_SECONDS);

    this.maxFails = Int32Array.from(own, (server) => server.max_fails ?? 1);
    this.failTimeoutSeconds = Float64Array.from(own, (server) => server.fail_timeout ?? 10);
    this.maxConnections = Int32Array.from(own, (server) => server.max_conns ?? 0);
    this.down = Uint8Array.from(own, (server) => (server.down === true ? 1 : 0));

    this.#suspect = new Uint8Array(own.length);
    for (let index = 0; index < own.length; index += 1) this.#updateSuspect(index);

    const isUniform = own.every(
      (_, index) => this.weight[index] === this.weight[0] && this.maxConnections[index] === 0,
    );
    this.#evenWeight = isUniform ? (this.weight[0] ?? 0) : 0;
    this.#evenRound = new EvenRound(own.length);

    this.totalWeight = this.weight.reduce((sum, weight) => sum + weight, 0);
    this.tries = own.filter((server) => server.down !== true).length;
  }

  /** What each server adds to its current weight in a round: lowered by failures. */
  get effectiveWeight(): Int32Array {
    this.#leaveEven();
    return this.#effectiveWeight;
  }

  get currentWeight(): Int32Array {
    this.#leaveEven();
    return this.#currentWeight;
  }

  /** Not down, not full and not left out for its failures. */
  isAvailable(index: number, nowSeconds: number): boolean {
    return (
      this.#suspect[index] === 0 ||
      (this.down[index] === 0 && !this.isFull(index) && !this.isLeftOut(index, nowSeconds))
    );
  }

  /** max_conns is reached. */
  isFull(index: number): boolean {
    const most = this.maxConnections[index];
    return most > 0 && this.connections[index] >= most;
  }

  /** max_fails is reached, and fail_timeout not yet over: it is in the second after it. */
  isLeftOut(index: number, nowSeconds: number): boolean {
    const maxFails = this.maxFails[index];
    return (
      maxFails > 0 &&
      this.fails[index] >= maxFails &&
      nowSeconds - this.checkedSeconds[index] <= this.failTimeoutSeconds[index]
    );
  }

  /**
   * Finds which of the candidates this request may go to and leaves them in `available`: the
   * candidates themselves in the usual case that it may go to all of them.
   * @returns how many they are
   */
  collectAvailable(candidates: Int32Array, request: UpstreamRequest, nowSeconds: number): number {
    if (this.#suspects === 0 && !request.hasTriedAny) {
      this.available = candidates;
      return candidates.length;
    }
    const collected = this.#collected;
    const suspect = this.#suspect;
    let count = 0;
    for (let i = 0; i < candidates.length; i += 1) {
      const index = candidates[i];
      if (suspect[index] === 1 && !this.isAvailable(index, nowSeconds)) continue;
      if (request.hasTriedAny && request.hasTried(index)) continue;
      collected[count] = index;
      count += 1;
    }
    this.available = collected;
    return count;
  }

  /**
   * One step of smooth weighted round robin among the first `count` of `candidates`: everyone's
   * current weight grows by its effective weight, the largest wins (the first of equals) and pays
   * the total. Who is not a candidate is not touched at all.
   */
  smoothPick(candidates: Int32Array, count: number): number {
    this.#leaveEven();
    const weight = this.weight;
    const effectiveWeight = this.#effectiveWeight;
    const currentWeight = this.#currentWeight;
    // This loop is what a request costs here. Not looking up 0, 1, 2, … saves a third of it, and
    // `| 0` tells the compiler that the sums stay small.
    const isEveryone = candidates === this.everyone;
    let best = NO_PEER;
    let bestWeight = INT32_MIN;
    let total = 0;
    for (let i = 0; i < count; i += 1) {
      const index = isEveryone ? i : candidates[i];
      const effective = effectiveWeight[index];
      const current = (currentWeight[index] + effective) | 0;
      currentWeight[index] = current;
      total = (total + effective) | 0;
      // A server that failed earns its weight back, one per round it takes part in.
      if (effective < weight[index]) effectiveWeight[index] = effective + 1;
      if (current > bestWeight) {
        best = index;
        bestWeight = current;
      }
    }
    if (best !== NO_PEER) currentWeight[best] = bestWeight - total;
    return best;
  }

  /**
   * The same pick in constant time, for a request that has tried nobody yet; NO_PEER if it has to
   * be made the long way, because those who may take the request earn different weights.
   */
  pickEvenly(nowSeconds: number): number {
    if (this.#evenWeight === 0) return NO_PEER;
    if (this.#isEven && nowSeconds > this.#evenUntilSeconds) this.#leaveEven();
    if (!this.#isEven && !this.#enterEven(nowSeconds)) return NO_PEER;
    return this.#evenRound.next();
  }

  #enterEven(nowSeconds: number): boolean {
    if (this.#unevenPicks > 0) {
      this.#unevenPicks -= 1;
      return false;
    }
    const members = this.#collected;
    let count = 0;
    let untilSeconds = Infinity;
    for (let index = 0; index < this.count; index += 1) {
      if (this.isAvailable(index, nowSeconds)) {
        // The pick of a suspect makes the others stay away until it has succeeded.
        if (this.#suspect[index] === 1) return false;
        if (this.#effectiveWeight[index] !== this.#evenWeight) return false;
        members[count] = index;
        count += 1;
      } else if (this.down[index] === 0) {
        const returnsAfter = this.checkedSeconds[index] + this.failTimeoutSeconds[index];
        untilSeconds = Math.min(untilSeconds, returnsAfter);
      }
    }
    if (count === 0) return false;
    this.#evenRound.start(members, count, this.#currentWeight, this.#evenWeight);
    this.#evenUntilSeconds = untilSeconds;
    this.#isEven = true;
    return true;
  }

  #leaveEven(): void {
    if (!this.#isEven) return;
    this.#isEven = false;
    this.#evenRound.settle(this.#currentWeight);
    // Sorting n servers costs some picks' time: so it is done for n picks or more, on average.
    this.#unevenPicks = this.count;
  }

  /** The server that a number below `totalWeight` falls on, each owning `weight` numbers in turn. */
  ownerOf(point: number): number {
    const weight = this.weight;
    let rest = point;
    let index = 0;
    while (rest >= weight[index]) {
      rest -= weight[index];
      index += 1;
    }
    return index;
  }

  /**
   * The chosen server takes the request. The first to be let through after fail_timeout is a
   * probe: `checked` moves to now, so that the others stay away until it has succeeded.
   */
  take(index: number, request: UpstreamRequest, nowSeconds: number): void {
    if (nowSeconds - this.checkedSeconds[index] > this.failTimeoutSeconds[index]) {
      this.checkedSeconds[index] = nowSeconds;
    }
    this.connections[index] += 1;
    request.markTried(index);
  }

  /** A try at this server failed. */
  noteFailure(index: number, nowSeconds: number): void {
    this.fails[index] += 1;
    this.accessedSeconds[index] = nowSeconds;
    this.checkedSeconds[index] = nowSeconds;
    this.lowerWeight(index);
    this.#updateSuspect(index);
  }

  /** What a failure costs: 1/max_fails of the weight, nothing when max_fails is 0. */
  lowerWeight(index: number): void {
    const maxFails = this.maxFails[index];
    if (maxFails === 0) return;
    const step = Math.floor(this.weight[index] / maxFails);
    this.#leaveEven();
    this.#effectiveWeight[index] = Math.max(0, this.#effectiveWeight[index] - step);
  }

  /**
   * A try at this server succeeded. `fails` is no sliding window: it is forgotten only when a pick
   * came more than fail_timeout after the last failure (which moved `checked` past `accessed`).
   */
  noteSuccess(index: number): void {
    if (this.fails[index] > 0 && this.accessedSeconds[index] < this.checkedSeconds[index]) {
      this.fails[index] = 0;
      this.#updateSuspect(index);
    }
  }

  #updateSuspect(index: number): void {
    this.#leaveEven();
    const maxFails = this.maxFails[index];
    const suspect =
      this.down[index] === 1 ||
      this.maxConnections[index] > 0 ||
      (maxFails > 0 && this.fails[index] >= maxFails);
    this.#suspects += Number(suspect) - this.#suspect[index];
    this.#suspect[index] = Number(suspect);
  }
}
