/** How far the sweep is: on stderr, and only where somebody watches. */
export class ProgressLine {
  readonly #total: number;
  #done = 0;
  #failed = 0;

  constructor(total: number) {
    this.#total = total;
  }

  add(passed: boolean): void {
    this.#done += 1;
    if (!passed) this.#failed += 1;
    if (process.stderr.isTTY)
      process.stderr.write(`\r${this.#done} of ${this.#total} seeds, ${this.#failed} failed`);
  }

  clear(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\u001B[K");
  }
}
