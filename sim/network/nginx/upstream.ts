/**
 * An nginx upstream as one worker process sees it, or all workers if they share a `zone`: picks,
 * failures and retries of nginx 1.22.1, open source, without keep-alive connections.
 *
 * A request's way: `reset`, then `pick` and `release` in turn until a verdict other than RETRY, or
 * until NO_LIVE_UPSTREAM, which the client sees as 502.
 */
import type { Balancer } from "./balancer.ts";
import { type BalancingMethod, checkUpstreamConfig, type UpstreamConfig } from "./config.ts";
import { ConsistentHash } from "./consistent-hash.ts";
import { HashRing } from "./hash-ring.ts";
import { Hash } from "./hash.ts";
import { IpHash } from "./ip-hash.ts";
import { LeastConnections } from "./least-connections.ts";
import {
  answerFor,
  isBlameless,
  isResponse,
  NextUpstream,
  ReleaseVerdict,
  TryOutcome,
} from "./outcome.ts";
import { NO_PEER, Peers } from "./peers.ts";
import { RandomTwo } from "./random-two.ts";
import { Random } from "./random.ts";
import type { UpstreamRequest } from "./request.ts";
import { RoundRobin } from "./round-robin.ts";

/** No server may be asked: nginx logs "no live upstreams" and answers 502. */
export const NO_LIVE_UPSTREAM = -1;

type MakeBalancer = (primaries: Peers, draw31: () => number) => Balancer;

const BALANCERS: Readonly<Record<BalancingMethod, MakeBalancer>> = {
  round_robin: () => new RoundRobin(),
  ip_hash: () => new IpHash(),
  hash: () => new Hash(),
  "hash consistent": (primaries) => new ConsistentHash(new HashRing(primaries)),
  least_conn: () => new LeastConnections(),
  random: (_primaries, draw31) => new Random(draw31),
  "random two": (_primaries, draw31) => new RandomTwo(draw31),
};

/** The parts of an upstream that decide; only tests put others in their place. */
export interface UpstreamParts {
  makePeers(servers: UpstreamConfig["servers"], configIndexes: readonly number[]): Peers;
  makeBalancer(method: BalancingMethod, primaries: Peers, draw31: () => number): Balancer;
}

export const nginxParts: UpstreamParts = {
  makePeers: (servers, configIndexes) => new Peers(servers, configIndexes),
  makeBalancer: (method, primaries, draw31) => BALANCERS[method](primaries, draw31),
};

export class Upstream {
  readonly primaries: Peers;
  readonly backups: Peers;
  readonly balancer: Balancer;
  /**
   * Exactly one primary and no backup: failures are not counted and never disable it, and it is
   * tried once. One primary with backups is not single.
   */
  readonly single: boolean;
  readonly #nextUpstream: NextUpstream;
  readonly #triesMax: number;
  readonly #nextTimeoutSeconds: number;

  /**
   * @param draw31 uniform integers in [0, 2^31) for the `random` methods; nginx seeds its own from
   *   process id and time, so any stream will do
   * @throws ConfigError, naming the field
   */
  constructor(config: UpstreamConfig, draw31: () => number, parts: UpstreamParts = nginxParts) {
    checkUpstreamConfig(config);
    const indexes = [...config.servers.keys()];
    const isBackup = (index: number): boolean => config.servers[index].backup === true;
    this.primaries = parts.makePeers(
      config.servers,
      indexes.filter((index) => !isBackup(index)),
    );
    this.backups = parts.makePeers(config.servers, indexes.filter(isBackup));
    this.single = this.primaries.count === 1 && this.backups.count === 0;
    this.balancer = parts.makeBalancer(config.method, this.primaries, draw31);

    this.#nextUpstream = new NextUpstream(config.proxy_next_upstream ?? ["error", "timeout"]);
    const tries = this.primaries.tries + this.backups.tries;
    const limit = config.proxy_next_upstream_tries ?? 0;
    this.#triesMax = limit > 0 ? Math.min(tries, limit) : tries;
    this.#nextTimeoutSeconds = config.proxy_next_upstream_timeout ?? 0;
  }

  /**
   * Chooses the server for the request's next try.
   * @param nowSeconds may carry a fraction: only `proxy_next_upstream_timeout` looks at it, all else
   *   runs on whole seconds as nginx does
   * @returns index into `config.servers`, or NO_LIVE_UPSTREAM
   */
  pick(request: UpstreamRequest, nowSeconds: number): number {
    if (request.current !== NO_PEER) throw new Error("pick before the release of the last try");
    if (!request.started) this.#begin(request, nowSeconds);

    const wholeSeconds = Math.floor(nowSeconds);
    let index = this.single
      ? this.#pickSingle()
      : this.balancer.pick(this.#peersOf(request), request, wholeSeconds);
    if (index === NO_PEER && !request.onBackup && this.backups.count > 0) {
      request.onBackup = true;
      request.clearTried();
      index = this.balancer.pick(this.backups, request, wholeSeconds);
    }
    if (index === NO_PEER) return NO_LIVE_UPSTREAM;

    const peers = this.#peersOf(request);
    peers.take(index, request, wholeSeconds);
    request.current = index;
    return peers.configIndex[index];
  }

  /**
   * Ends the try last picked and says what follows. A failing status counts as a failure only if
   * the request then goes on to another server; the last server's goes to the client as a success.
   */
  release(request: UpstreamRequest, outcome: TryOutcome, nowSeconds: number): ReleaseVerdict {
    if (request.current === NO_PEER) throw new Error("release without a pick");
    if (outcome === TryOutcome.OK) {
      this.free(request, false, nowSeconds);
      return ReleaseVerdict.DONE;
    }
    const mayGoOn =
      this.#nextUpstream.allows(outcome, request.nonIdempotent) &&
      !this.#isOutOfTime(request, nowSeconds);

    if (isResponse(outcome)) {
      const goesOn = mayGoOn && request.tries > 1;
      this.free(request, goesOn && !isBlameless(outcome), nowSeconds);
      return goesOn ? ReleaseVerdict.RETRY : ReleaseVerdict.DONE;
    }
    this.free(request, true, nowSeconds);
    return mayGoOn && request.tries > 0 ? ReleaseVerdict.RETRY : answerFor(outcome);
  }

  /** Gives the server back and notes how it did. */
  protected free(request: UpstreamRequest, failed: boolean, nowSeconds: number): void {
    const peers = this.#peersOf(request);
    const index = request.current;
    request.current = NO_PEER;
    peers.connections[index] -= 1;
    if (this.single) {
      request.tries = 0;
      return;
    }
    if (failed) peers.noteFailure(index, Math.floor(nowSeconds));
    else peers.noteSuccess(index);
    if (request.tries > 0) request.tries -= 1;
  }

  #begin(request: UpstreamRequest, nowSeconds: number): void {
    request.started = true;
    request.startedSeconds = nowSeconds;
    request.tries = this.#triesMax;
    request.clearTried();
    this.balancer.begin(request);
  }

  #pickSingle(): number {
    const peers = this.primaries;
    return peers.down[0] === 1 || peers.isFull(0) ? NO_PEER : 0;
  }

  #peersOf(request: UpstreamRequest): Peers {
    return request.onBackup ? this.backups : this.primaries;
  }

  #isOutOfTime(request: UpstreamRequest, nowSeconds: number): boolean {
    const limit = this.#nextTimeoutSeconds;
    return limit > 0 && nowSeconds - request.startedSeconds >= limit;
  }
}
