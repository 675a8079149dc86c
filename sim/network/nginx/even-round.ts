/**
 * Smooth weighted round robin among servers of one weight, in constant time.
 *
 * In each round everyone's current weight grows by the same weight, so their order changes only for
 * the winner, who pays the total and nearly always goes to the very end. The winners are therefore
 * kept in a queue, and what everyone has earned in one number. Picks and current weights are those
 * of `Peers.smoothPick`, which would have to touch every server for each pick.
 */
export class EvenRound {
  /** Servers by current weight, the largest first, equals by index; a ring that begins at `#head`. */
  readonly #queue: Int32Array;
  /** Current weights by server, without what everyone has earned since `start`. */
  readonly #keys: Float64Array;
  #head = 0;
  #count = 0;
  #weight = 0;
  #earned = 0;

  constructor(capacity: number) {
    this.#queue = new Int32Array(capacity);
    this.#keys = new Float64Array(capacity);
  }

  /** Begins with the first `count` of `members`, which ascend, all of that weight. */
  start(members: Int32Array, count: number, currentWeight: Int32Array, weight: number): void {
    const keys = this.#keys;
    const queue = this.#queue.subarray(0, count);
    for (let i = 0; i < count; i += 1) {
      queue[i] = members[i];
      keys[members[i]] = currentWeight[members[i]];
    }
    queue.sort((a, b) => keys[b] - keys[a] || a - b);
    this.#head = 0;
    this.#count = count;
    this.#weight = weight;
    this.#earned = 0;
  }

  /** The next winner. There must be a member. */
  next(): number {
    const queue = this.#queue;
    const keys = this.#keys;
    const count = this.#count;
    const head = this.#head;
    const winner = queue[head];
    const key = keys[winner] - count * this.#weight;
    keys[winner] = key;
    this.#earned += this.#weight;
    // The place that the winner leaves is the ring's last one now. Who comes after him moves up.
    let place = head;
    for (;;) {
      const before = place === 0 ? count - 1 : place - 1;
      const other = queue[before];
      if (before === head || keys[other] > key || (keys[other] === key && other < winner)) break;
      queue[place] = other;
      place = before;
    }
    queue[place] = winner;
    this.#head = head + 1 === count ? 0 : head + 1;
    return winner;
  }

  /** Writes the members' current weights back. */
  settle(currentWeight: Int32Array): void {
    for (let i = 0; i < this.#count; i += 1) {
      const member = this.#queue[i];
      currentWeight[member] = this.#keys[member] + this.#earned;
    }
  }
}
