/** `lblc`: locality-based least connection. */
import type { RealServer } from "../real-server.ts";
import { WeightedLeastConnection } from "./least-loaded.ts";
import type { LoadFactor } from "./least-loaded.ts";
import { StatelessScheduler } from "./scheduler.ts";

/**
 * Keeps the server of each destination address, and asks `wlc` again when that server is removed,
 * has weight 0 or is crowded while another is half idle. Connection thresholds do not count for the
 * kept server. A service has one destination address, so the cache is one field. Its entry would
 * expire after 24 h without use, longer than any run.
 *
 * Source: Linux 6.1 `ip_vs_lblc`; not recorded.
 */
export class LocalityLeastConnection extends StatelessScheduler {
  readonly #choose: WeightedLeastConnection;
  #cached: RealServer | null = null;

  constructor(loadFactor: LoadFactor) {
    super();
    this.#choose = new WeightedLeastConnection(loadFactor);
  }

  override pick(servers: readonly RealServer[]): RealServer | null {
    const cached = this.#cached;
    if (cached !== null && cached.listed && cached.weight > 0 && !isCrowded(cached, servers)) {
      return cached;
    }
    const chosen = this.#choose.pick(servers);
    if (chosen !== null) this.#cached = chosen;
    return chosen;
  }
}

/** True if the server has more active connections than weight while another is half idle. */
function isCrowded(server: RealServer, servers: readonly RealServer[]): boolean {
  if (server.active <= server.weight) return false;
  for (let place = 0; place < servers.length; place += 1) {
    const other = servers[place];
    if (other.active * 2 < other.weight) return true;
  }
  return false;
}
