/** Ctrl-C: the first asks for a summary of what there is, the second ends at once. */
import { EXIT } from "./exit-codes.ts";
import { wallMs } from "./wall-clock.ts";

/** Thrown out of work whose partial result nobody needs, as a run of the shrinker. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/**
 * One Ctrl-C can arrive twice: from the terminal, to the whole process group, and once more from
 * the launcher (tsx 4.23 relays it after 30 ms without a sign of life, and kills after 60 ms).
 */
const SAME_SIGNAL_MS = 250;

export class Interrupt {
  #sinceMs: number | null = null;

  get requested(): boolean {
    return this.#sinceMs !== null;
  }

  /** Listens until the returned function is called. */
  listen(): () => void {
    const onSignal = (): void => {
      const nowMs = wallMs();
      if (this.#sinceMs === null) this.#sinceMs = nowMs;
      else if (nowMs - this.#sinceMs > SAME_SIGNAL_MS) process.exit(EXIT.interrupted);
    };
    process.on("SIGINT", onSignal);
    return () => process.off("SIGINT", onSignal);
  }

  /** @throws Interrupted if a signal came. */
  check(): void {
    if (this.requested) throw new Interrupted("interrupted");
  }
}
