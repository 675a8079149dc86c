import { readFileSync } from "node:fs";

/** Nanoseconds with a core, nanoseconds waiting for one, turns: see proc(5). */
const SCHEDSTAT = "/proc/thread-self/schedstat";

/**
 * Seconds for which this thread has had a core since it began; null where the system
 * does not tell, which is everywhere but on Linux.
 */
export function coreSeconds(): number | null {
  try {
    return Number(readFileSync(SCHEDSTAT, "utf8").split(" ")[0]) / 1e9;
  } catch {
    return null;
  }
}
