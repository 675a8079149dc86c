/**
 * The sold-out latch: the newest word of the counter on its stock.
 *
 * Every counter reply carries (epoch, generation, left). Within one generation free stock only
 * shrinks; it grows only together with the generation. So the newest pair wins, and within a pair
 * the smallest `left` is the newest. The latch is closed for a request exactly when that word says
 * there is less stock than it wants. A late SOLDOUT of an older generation changes nothing, and
 * any newer pair opens the latch again.
 *
 * A word grows old: stock may have come back since. `askedMs` is when the call that brought the
 * word was *sent*, because the counter may have spoken as early as that.
 */
export interface Latch {
  epoch: number;
  generation: number;
  left: number;
  askedMs: number;
}

/** A latch that has heard nothing: closed for everyone and already stale. */
export function createLatch(): Latch {
  return { epoch: -1, generation: -1, left: 0, askedMs: Number.NEGATIVE_INFINITY };
}

/** Takes note of the stock in a reply to a call sent at `askedMs`. */
export function hear(
  latch: Latch,
  epoch: number,
  generation: number,
  left: number,
  askedMs: number,
): void {
  const newer = epoch > latch.epoch || (epoch === latch.epoch && generation > latch.generation);
  if (newer) {
    latch.epoch = epoch;
    latch.generation = generation;
    latch.left = left;
    latch.askedMs = askedMs;
  } else if (epoch === latch.epoch && generation === latch.generation) {
    latch.left = Math.min(latch.left, left);
    latch.askedMs = Math.max(latch.askedMs, askedMs);
  }
}

/** True if the counter's newest word leaves less than `qty`. */
export function isClosedFor(latch: Latch, qty: number): boolean {
  return latch.left < qty;
}

/** True if the word is recent enough to refuse a buyer on it. */
export function isFresh(latch: Latch, nowMs: number, pollMs: number): boolean {
  return nowMs - latch.askedMs <= pollMs;
}
