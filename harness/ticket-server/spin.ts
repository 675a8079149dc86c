/**
 * Work of a declared length, for calibration: it occupies the processor as a longer decision would.
 * It lasts so long by the clock, so that it is the same on a fast machine and on a slow one.
 */
export function spin(us: number): void {
  const endMs = performance.now() + us / 1000;
  while (performance.now() < endMs);
}
