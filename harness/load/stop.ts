/** The end of everything at once. (An AbortSignal removes its listeners in linear time.) */
export class Stop {
  #stopped = false;
  /** Why it ended before its time: the first failure. */
  failure: unknown = null;
  readonly #waiting = new Set<() => void>();

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Calls `react` when it comes to an end; at once if it has. Gives back how to take that back. */
  whenStopped(react: () => void): () => void {
    if (this.#stopped) {
      react();
      return () => {};
    }
    this.#waiting.add(react);
    return () => void this.#waiting.delete(react);
  }

  stop(): void {
    this.#stopped = true;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const react of waiting) react();
  }

  /** Something went wrong that no buyer can make good. */
  fail(error: unknown): void {
    this.failure ??= error;
    this.stop();
  }

  /** Waits for `ms`, never less; false if it was stopped before. */
  sleep(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const wakeUp = (): void => {
        clearTimeout(timer);
        resolve(false);
      };
      const timer = setTimeout(() => {
        forget();
        resolve(true);
      }, Math.ceil(ms));
      const forget = this.whenStopped(wakeUp);
    });
  }
}
