/** `twos`: power of two choices. */
import type { RealServer } from "../real-server.ts";
import type { LoadFactor } from "./least-loaded.ts";
import { StatelessScheduler, isAvailable } from "./scheduler.ts";

/**
 * Two servers drawn by weight; the one with less load per weight takes the connection, the first
 * one at a tie. The draws range over 0..sum *inclusive*, which favours the first server a little.
 *
 * Source: Linux 6.1 `ip_vs_twos` (not built in Debian, so not recorded).
 */
export class TwoChoices extends StatelessScheduler {
  readonly #activeFactor: number;
  readonly #draw: () => number;

  /** @param draw uniform in [0, 1); called twice per pick, even if only one server is left */
  constructor(loadFactor: LoadFactor, draw: () => number) {
    super();
    this.#activeFactor = loadFactor;
    this.#draw = draw;
  }

  override pick(servers: readonly RealServer[]): RealServer | null {
    let totalWeight = 0;
    for (let place = 0; place < servers.length; place += 1) {
      if (isAvailable(servers[place])) totalWeight += servers[place].weight;
    }
    if (totalWeight === 0) return null;
    let left1 = Math.floor(this.#draw() * (totalWeight + 1));
    let left2 = Math.floor(this.#draw() * (totalWeight + 1));
    let first: RealServer | null = null;
    let second: RealServer | null = null;
    for (let place = 0; place < servers.length; place += 1) {
      const server = servers[place];
      if (!isAvailable(server)) continue;
      left1 -= server.weight;
      left2 -= server.weight;
      if (first === null && left1 <= 0) first = server;
      if (second === null && left2 <= 0) second = server;
      if (first !== null && second !== null) break;
    }
    // Both draws are at most the total weight, so both found their server.
    const better = second!.weight * this.#load(first!) > first!.weight * this.#load(second!);
    return better ? second : first;
  }

  #load(server: RealServer): number {
    return this.#activeFactor * server.active + server.inactive;
  }
}
