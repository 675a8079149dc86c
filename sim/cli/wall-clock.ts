/* oxlint-disable no-restricted-globals -- The one file that knows the real time. It paces the
   command (progress, Ctrl-C) and measures how long a run took; no result depends on it. */

/** Milliseconds of real time since the process started. */
export function wallMs(): number {
  return performance.now();
}

/** Lets signals, and whatever else waits in the event loop, have their turn. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
