/** A line on stderr that shows how far the run is; only on a terminal. */
import type { Progress } from "../simulation.ts";
import type { Scenario } from "../scenario/schema.ts";
import { duration, grouped } from "./text/format.ts";
import { wallMs } from "./wall-clock.ts";

const REDRAW_MS = 100;
const BAR_COLUMNS = 24;
const ERASE_LINE = "\r\u001B[2K";

export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  #drawnMs = Number.NEGATIVE_INFINITY;
  #onScreen = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** How far a run of the simulation is. Called often: draws ten times a second at most. */
  run(scenario: Scenario, progress: () => Progress): void {
    if (!this.#isDue()) return;
    const { phase, buyersArrived, virtualMs, ticketsTaken } = progress();
    const share = Math.min(1, buyersArrived / scenario.buyers.count);
    this.#draw(
      share,
      `${phase} · ${duration(Math.round(virtualMs))} · ${grouped(buyersArrived)} buyers · ` +
        `${grouped(ticketsTaken)} of ${grouped(scenario.sale.tickets)} tickets`,
    );
  }

  /** How many runs of the shrinker are done. */
  shrinking(runsDone: number, runsMax: number): void {
    if (!this.#isDue()) return;
    this.#draw(runsDone / runsMax, `shrinking · run ${runsDone} of at most ${runsMax}`);
  }

  clear(): void {
    if (this.#onScreen) this.#stream.write(ERASE_LINE);
    this.#onScreen = false;
  }

  #isDue(): boolean {
    if (!this.#stream.isTTY) return false;
    const nowMs = wallMs();
    if (nowMs - this.#drawnMs < REDRAW_MS) return false;
    this.#drawnMs = nowMs;
    return true;
  }

  #draw(share: number, text: string): void {
    const full = Math.round(share * BAR_COLUMNS);
    const bar = "█".repeat(full) + "░".repeat(BAR_COLUMNS - full);
    const line = `${bar} ${Math.floor(share * 100)} % ${text}`;
    this.#stream.write(`${ERASE_LINE}${line.slice(0, this.#stream.columns - 1)}`);
    this.#onScreen = true;
  }
}
