/** `rr`: each available server in turn; weights count only as zero or not. */
import type { RealServer } from "../real-server.ts";
import { isAvailable } from "./scheduler.ts";
import type { Scheduler } from "./scheduler.ts";

/** Source: Linux 6.1 `ip_vs_rr`. */
export class RoundRobin implements Scheduler {
  /** Place of the last pick in the list; -1 stands before the first server. */
  protected last = -1;

  added(_servers: readonly RealServer[], index: number): void {
    if (index <= this.last) this.last += 1;
  }

  removed(_servers: readonly RealServer[], index: number): void {
    // A removed last pick hands the pointer to its predecessor, so that nobody's turn is lost.
    if (index <= this.last) this.last -= 1;
  }

  edited(): void {}

  pick(servers: readonly RealServer[]): RealServer | null {
    const count = servers.length;
    let place = this.last;
    for (let seen = 0; seen < count; seen += 1) {
      place += 1;
      if (place >= count) place = 0;
      const server = servers[place];
      if (isAvailable(server)) {
        this.last = place;
        return server;
      }
    }
    return null;
  }
}
