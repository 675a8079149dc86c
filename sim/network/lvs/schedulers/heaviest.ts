/** `fo` and `ovf`: the server with the highest weight that may still be used. */
import type { RealServer } from "../real-server.ts";
import { StatelessScheduler, isAvailable } from "./scheduler.ts";

/** `fo`, weighted failover: highest weight, first one wins ties. Source: Linux 6.1 `ip_vs_fo`. */
export class WeightedFailover extends StatelessScheduler {
  /** True if the server may take one more connection. */
  hasRoom(server: RealServer): boolean {
    return isAvailable(server);
  }

  override pick(servers: readonly RealServer[]): RealServer | null {
    let best: RealServer | null = null;
    for (let place = 0; place < servers.length; place += 1) {
      const server = servers[place];
      if (this.hasRoom(server) && (best === null || server.weight > best.weight)) best = server;
    }
    return best;
  }
}

/**
 * `ovf`, weighted overflow: as `fo`, but a server takes connections only while its active ones are
 * at most its weight (so it gets weight + 1). Source: Linux 6.1 `ip_vs_ovf`.
 */
export class WeightedOverflow extends WeightedFailover {
  override hasRoom(server: RealServer): boolean {
    return isAvailable(server) && server.active <= server.weight;
  }
}
