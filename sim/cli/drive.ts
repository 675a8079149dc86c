/** Drives a simulation to its end in slices, so that Ctrl-C and the progress bar have their turn. */
import type { Simulation } from "../simulation.ts";
import type { Interrupt } from "./interrupt.ts";
import { wallMs, yieldToEventLoop } from "./wall-clock.ts";

/** Well below the 30 ms after which tsx takes a silent process for a dead one. */
const SLICE_TARGET_MS = 8;
const SLICE_EVENTS_FIRST = 1000;
const SLICE_EVENTS_LEAST = 16;

export interface DriveOptions {
  readonly interrupt: Interrupt;
  onSlice?(simulation: Simulation): void;
}

/** True if the run came to its end, false if it was interrupted. */
export async function drive(simulation: Simulation, options: DriveOptions): Promise<boolean> {
  let sliceEvents = SLICE_EVENTS_FIRST;
  for (;;) {
    const startMs = wallMs();
    if (simulation.advance(sliceEvents)) return true;
    sliceEvents = nextSlice(sliceEvents, wallMs() - startMs);
    options.onSlice?.(simulation);
    await yieldToEventLoop();
    if (options.interrupt.requested) return false;
  }
}

/** Grows by half at most, shrinks as far as needed: the cost of an event changes with the phase. */
function nextSlice(sliceEvents: number, tookMs: number): number {
  const growth = Math.min(1.5, SLICE_TARGET_MS / Math.max(tookMs, 0.01));
  return Math.max(SLICE_EVENTS_LEAST, Math.floor(sliceEvents * growth));
}
