/**
 * The hold model, the usual measure of event queues: with a constant number of pending events, take
 * out the next and schedule another at its time plus an exponential delay. One such pair is a hold.
 */
import { wallMs } from "../cli/wall-clock.ts";
import { EventQueue } from "../kernel/event-queue.ts";
import { Randomness } from "../kernel/random.ts";
import { ObjectHeap } from "./object-heap.ts";
import { median } from "./statistics.ts";

export interface HoldRates {
  readonly pending: number;
  /** Millions of holds a second: the kernel's queue, and the heap of objects. */
  readonly kernelMillionsPerSecond: number;
  readonly objectsMillionsPerSecond: number;
  readonly ratio: number;
}

/** Delays drawn beforehand, so that the draws cost nothing: a power of two of them. */
const DELAYS = 1 << 16;
const DELAY_MEAN_NS = 1_000_000;

/** Rounds of the two alternate, so that a busy moment of the machine hits both. */
export function measureHold(pending: number, holds: number, rounds: number): HoldRates {
  const delaysNs = drawDelays();
  const kernel: number[] = [];
  const objects: number[] = [];
  const queue = new EventQueue();
  const heap = new ObjectHeap();
  for (let i = 0; i < pending; i += 1) {
    queue.push(delaysNs[i % DELAYS], 0, i, i);
    heap.push(delaysNs[i % DELAYS], 0, i, i);
  }
  // The first round only warms up: it brings the events' times to their usual spread.
  for (let round = 0; round <= rounds; round += 1) {
    const kernelRate = rateOf(() => holdKernel(queue, delaysNs, holds), holds);
    const objectsRate = rateOf(() => holdObjects(heap, delaysNs, holds), holds);
    if (round === 0) continue;
    kernel.push(kernelRate);
    objects.push(objectsRate);
  }
  return {
    pending,
    kernelMillionsPerSecond: median(kernel),
    objectsMillionsPerSecond: median(objects),
    ratio: median(kernel.map((rate, i) => rate / objects[i])),
  };
}

function drawDelays(): Float64Array {
  const draws = new Randomness(1n).stream("bench/hold");
  return Float64Array.from({ length: DELAYS }, (_, i) =>
    Math.round(DELAY_MEAN_NS * draws.exponential(i)),
  );
}

function rateOf(run: () => void, holds: number): number {
  const startMs = wallMs();
  run();
  return holds / (wallMs() - startMs) / 1000;
}

function holdKernel(queue: EventQueue, delaysNs: Float64Array, holds: number): void {
  for (let i = 0; i < holds; i += 1) {
    queue.pop();
    queue.push(queue.time + delaysNs[i & (DELAYS - 1)], 0, queue.slot, i);
  }
}

function holdObjects(heap: ObjectHeap, delaysNs: Float64Array, holds: number): void {
  for (let i = 0; i < holds; i += 1) {
    const { time, slot } = heap.pop();
    heap.push(time + delaysNs[i & (DELAYS - 1)], 0, slot, i);
  }
}
