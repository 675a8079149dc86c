/** `lc`, `wlc`, `sed`, `nq`: the server with the least load by one formula or another. */
import type { RealServer } from "../real-server.ts";
import { StatelessScheduler, isAvailable } from "./scheduler.ts";

/**
 * Weight of an active connection against an inactive one. Linux up to 6.1.176 computes
 * 256 × active + inactive; 6.1.192 ("ipvs: add totalconns for dest") computes
 * 256 × active + (active + inactive). Both recorded.
 */
export type LoadFactor = 256 | 257;

/**
 * The server with the least load per weight; the first one wins ties. Compared by cross
 * multiplication, as the kernel does: with 16-bit weights and fewer than 2^28 connections the
 * products stay below 2^53 and are exact.
 */
abstract class LeastLoad extends StatelessScheduler {
  abstract load(server: RealServer): number;

  /** The weight that a load is divided by. */
  share(server: RealServer): number {
    return server.weight;
  }

  /** True if a server further down the list takes the place of the best so far. */
  beats(load: number, share: number, bestLoad: number, bestShare: number): boolean {
    return bestLoad * share > load * bestShare;
  }

  override pick(servers: readonly RealServer[]): RealServer | null {
    let best: RealServer | null = null;
    let bestLoad = 0;
    let bestShare = 1;
    for (let place = 0; place < servers.length; place += 1) {
      const server = servers[place];
      if (!isAvailable(server)) continue;
      const load = this.load(server);
      const share = this.share(server);
      if (best === null || this.beats(load, share, bestLoad, bestShare)) {
        best = server;
        bestLoad = load;
        bestShare = share;
      }
    }
    return best;
  }
}

/** `wlc`. Source: Linux 6.1 `ip_vs_wlc`. */
export class WeightedLeastConnection extends LeastLoad {
  readonly #activeFactor: number;

  constructor(loadFactor: LoadFactor) {
    super();
    this.#activeFactor = loadFactor;
  }

  override load(server: RealServer): number {
    return this.#activeFactor * server.active + server.inactive;
  }
}

/** `lc`: the same without weights. Source: Linux 6.1 `ip_vs_lc`. */
export class LeastConnection extends WeightedLeastConnection {
  override share(): number {
    return 1;
  }
}

/** `sed`, shortest expected delay: counts the connection that is about to come. */
export class ShortestExpectedDelay extends LeastLoad {
  override load(server: RealServer): number {
    return server.active + 1;
  }
}

/** `nq`, never queue: the first idle server, else as `sed`. */
export class NeverQueue extends ShortestExpectedDelay {
  override pick(servers: readonly RealServer[]): RealServer | null {
    for (let place = 0; place < servers.length; place += 1) {
      const server = servers[place];
      if (server.active === 0 && isAvailable(server)) return server;
    }
    return super.pick(servers);
  }
}
