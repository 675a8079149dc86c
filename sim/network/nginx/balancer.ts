import type { Peers } from "./peers.ts";
import type { UpstreamRequest } from "./request.ts";

/** A balancing method. All of them pass through these two calls. */
export interface Balancer {
  /** Prepares a request for its first pick. */
  begin(request: UpstreamRequest): void;

  /**
   * Chooses a server for the next try of a request.
   * @param nowSeconds whole seconds
   * @returns its index in `peers`, or NO_PEER; Peers.take then carries the choice out
   */
  pick(peers: Peers, request: UpstreamRequest, nowSeconds: number): number;
}

/**
 * After this many failed attempts to land on a usable server, counted over all tries of a request,
 * the hash and random methods give up: attempt 21 is the last (nginx 1.22.1, `tries > 20`).
 */
export const ATTEMPTS_MAX = 20;
