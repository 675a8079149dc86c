/** How far the report is, and how long it may still take: on stderr. */
import { duration } from "../../sim/cli/text/format.ts";
import { wallMs } from "../../sim/cli/wall-clock.ts";
import { EXPERIMENTS } from "../experiments/research.ts";

/**
 * Share of the time that each experiment takes on a sale of a million buyers; only for the time
 * left, which is a guess.
 */
const SHARES: Readonly<Record<string, number>> = {
  answer: 0.36,
  servers: 0.07,
  buffers: 0.07,
  "full size": 0.17,
  capacity: 0.13,
  scaling: 0.02,
  waves: 0.01,
  strategies: 0.08,
  sensitivity: 0.09,
};
const REDRAW_MS = 200;

export class Progress {
  readonly #startMs = wallMs();
  #experiment = "";
  #done = 0;
  #sales = 0;
  #drawnMs = 0;

  begin(experiment: string): void {
    this.#experiment = experiment;
    const index = EXPERIMENTS.indexOf(experiment as (typeof EXPERIMENTS)[number]);
    this.#done = EXPERIMENTS.slice(0, index).reduce((sum, name) => sum + SHARES[name], 0);
    // A log gets one line for each experiment, a terminal one line that changes.
    if (process.stderr.isTTY) this.#draw();
    else process.stderr.write(`${this.#text()}\n`);
  }

  sale(): void {
    this.#sales += 1;
    if (process.stderr.isTTY && wallMs() - this.#drawnMs > REDRAW_MS) this.#draw();
  }

  clear(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\u001B[K");
  }

  #draw(): void {
    this.#drawnMs = wallMs();
    process.stderr.write(`\r\u001B[K${this.#text()}`);
  }

  #text(): string {
    const elapsedMs = wallMs() - this.#startMs;
    const left =
      this.#done === 0
        ? ""
        : `, about ${duration(Math.ceil(((elapsedMs / this.#done) * (1 - this.#done)) / 1000) * 1000)} left`;
    const place = EXPERIMENTS.indexOf(this.#experiment as (typeof EXPERIMENTS)[number]) + 1;
    return `${place} of ${EXPERIMENTS.length}: ${this.#experiment}; ${this.#sales} sales so far${left}`;
  }
}
