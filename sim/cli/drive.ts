/** Drives a simulation to its end in slices, so that Ctrl-C and the progress bar have their turn. */
import type { Simulation } from "../simulation.ts";
import type { Interrupt } from "./interrupt.ts";
import { wallMs, yieldToEventLoop } from "./wall-clock.ts";

/** Well below the 30 ms after which tsx takes a silent process for a dead one. */
const SLICE_MS = 8;
/**
 * The clock is read after this many events. A slice of a fixed number of events would not do, nor
 * one that follows the last one's speed: at the sell-out an event suddenly costs twenty times more.
 */
const EVENTS_BETWEEN_LOOKS = 128;

export interface DriveOptions {
  readonly interrupt: Interrupt;
  onSlice?(simulation: Simulation): void;
}

/** True if the run came to its end, false if it was interrupted. */
export async function drive(simulation: Simulation, options: DriveOptions): Promise<boolean> {
  for (;;) {
    const endMs = wallMs() + SLICE_MS;
    do {
      if (simulation.advance(EVENTS_BETWEEN_LOOKS)) return true;
    } while (wallMs() < endMs);
    options.onSlice?.(simulation);
    await yieldToEventLoop();
    if (options.interrupt.requested) return false;
  }
}
