/** `wrr`: rounds over the servers at a falling current weight. */
import type { RealServer } from "../real-server.ts";
import { greatestCommonDivisor } from "./scheduler.ts";
import { TableScheduler } from "./scheduler.ts";

/**
 * Source: Linux 6.1 `ip_vs_wrr`, recorded on 6.1.176.
 *
 * The first server is added alone and leaves the current weight at 1, and the later ones do not
 * raise it: the first round therefore visits every server once, whatever the weights. Weights
 * 1, 2, 3, 4 added in this order give 4321 4 43 432 4321 4 43 432 4321...
 */
export class WeightedRoundRobin extends TableScheduler {
  /** Place of the last pick in the list; -1 stands before the first server. */
  protected last = -1;
  protected currentWeight = 0;
  protected maxWeight = 0;
  /** Greatest common divisor of the positive weights: the step by which the weight falls. */
  protected step = 1;

  override rebuild(servers: readonly RealServer[]): void {
    this.last = -1;
    let divisor = 0;
    let heaviest = 0;
    for (const server of servers) {
      if (server.weight > 0) divisor = greatestCommonDivisor(server.weight, divisor);
      heaviest = Math.max(heaviest, server.weight);
    }
    this.step = divisor === 0 ? 1 : divisor;
    this.maxWeight = heaviest - (this.step - 1);
    if (this.currentWeight > this.maxWeight || this.currentWeight === 0) {
      this.currentWeight = this.maxWeight;
    } else if (this.step > 1) {
      this.currentWeight = Math.floor(this.currentWeight / this.step) * this.step + 1;
    }
  }

  override pick(servers: readonly RealServer[]): RealServer | null {
    if (this.maxWeight === 0) return null;
    const count = servers.length;
    const start = this.last;
    let place = start;
    // The scan may stop once a whole pass at the lowest weight found nobody: one pass if it began
    // at the head, otherwise the rest of the list and then the list up to where it began.
    let stop = -1;
    let lowestPass = false;
    let restarted = false;
    for (;;) {
      for (place += 1; place < count; place += 1) {
        const server = servers[place];
        if (!server.overloaded && server.weight >= this.currentWeight) {
          this.last = place;
          return server;
        }
        if (place === stop) {
          this.last = place;
          return null;
        }
      }
      place = -1;
      this.currentWeight -= this.step;
      if (this.currentWeight <= 0) {
        this.currentWeight = this.maxWeight;
        if (lowestPass || start === -1) {
          this.last = -1;
          return null;
        }
        restarted = true;
      }
      lowestPass = this.currentWeight <= this.step;
      if (lowestPass && restarted && start !== -1) stop = start;
    }
  }
}
