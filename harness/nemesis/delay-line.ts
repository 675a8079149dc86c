/** Lets things happen later, in the order in which they were given. */
export class DelayLine {
  readonly #waiting: { readonly dueMs: number; readonly act: () => void }[] = [];
  #timer: NodeJS.Timeout | null = null;

  /** At once, if nothing is waiting and there is no delay. */
  after(delayMs: number, act: () => void): void {
    if (delayMs <= 0 && this.#waiting.length === 0) {
      act();
      return;
    }
    const last = this.#waiting.at(-1);
    const dueMs = Math.max(performance.now() + delayMs, last?.dueMs ?? 0);
    this.#waiting.push({ dueMs, act });
    this.#timer ??= setTimeout(() => this.#run(), delayMs);
  }

  clear(): void {
    this.#waiting.length = 0;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #run(): void {
    this.#timer = null;
    const nowMs = performance.now();
    // A timer may come a fraction of a millisecond early.
    while (this.#waiting.length > 0 && this.#waiting[0].dueMs <= nowMs + 0.5)
      this.#waiting.shift()!.act();
    const next = this.#waiting[0];
    if (next !== undefined) this.#timer ??= setTimeout(() => this.#run(), next.dueMs - nowMs);
  }
}
