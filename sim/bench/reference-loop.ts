/**
 * What a million buyers would cost if nothing were modelled: for each buyer the draws and the events
 * that no model of him can do without, and no machine between him and his answer.
 */
import { EventQueue } from "../kernel/event-queue.ts";
import { Randomness } from "../kernel/random.ts";

/** A request's way has three events: it reaches nginx, is served, and its answer is back. */
const HOPS = 3;
/** Time to the next arrival, address, port, and the buyer's own network. */
const GAP = 0;
const ADDRESS = 1;
const PORT = 2;
const NETWORK = 3;

const ARRIVAL_MEAN_NS = 20_000;
const HOP_NS = 200_000;

/** A number that depends on every draw and every event, so that no compiler may drop them. */
export function referenceLoop(buyers: number): number {
  const draws = new Randomness(12306n).stream("bench/reference");
  const queue = new EventQueue();
  let arrivalNs = 0;
  let buyer = 0;
  let checksum = 0;
  for (;;) {
    if (buyer < buyers && arrivalNs <= queue.peekTime()) {
      checksum ^= draws.bits(buyer, ADDRESS) ^ draws.integer(buyer, 64_512, PORT);
      queue.push(arrivalNs + HOP_NS, 1, buyer, arrivalNs);
      buyer += 1;
      arrivalNs += Math.round(ARRIVAL_MEAN_NS * draws.exponential(buyer, GAP));
      continue;
    }
    if (!queue.pop()) return checksum;
    const { time, kind, slot, argument } = queue;
    if (kind < HOPS) queue.push(time + HOP_NS, kind + 1, slot, argument);
    else checksum = ((checksum + time - argument + draws.uniform(slot, NETWORK)) % 4294967296) | 0;
  }
}
