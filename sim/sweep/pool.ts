/**
 * Spreads seeds over processes. Which process runs a seed and when depends on the machine, the
 * outcome of a seed does not: sorted by seed, the outcomes are the same for any number of jobs.
 */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { outcomeOfError } from "./run-seed.ts";
import type { SeedOutcome, SweepTarget } from "./run-seed.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));
/** A process may be killed for no fault of the seed's; a seed that kills twice is to blame. */
const ATTEMPTS_MAX = 2;

export interface PoolOptions {
  readonly target: SweepTarget;
  readonly seedFrom: bigint;
  readonly seedCount: number;
  readonly jobs: number;
  onOutcome?(outcome: SeedOutcome): void;
}

export class Pool {
  readonly #options: PoolOptions;
  readonly #outcomes: SeedOutcome[] = [];
  readonly #workers = new Set<ChildProcess>();
  readonly #again: string[] = [];
  readonly #attempts = new Map<string, number>();
  #drawn = 0;
  #stopped = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Runs all seeds, and resolves to their outcomes in the order of seeds; to fewer if stopped. */
  async run(): Promise<SeedOutcome[]> {
    const jobs = Math.min(this.#options.jobs, this.#options.seedCount);
    await Promise.all(Array.from({ length: jobs }, () => this.#keepWorking()));
    return this.#outcomes.toSorted((a, b) => (BigInt(a.seed) < BigInt(b.seed) ? -1 : 1));
  }

  /** Ends all processes; `run` then resolves with what there is. */
  stop(): void {
    this.#stopped = true;
    for (const worker of this.#workers) worker.kill("SIGKILL");
  }

  /** One process after another, until no seed is left. */
  async #keepWorking(): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- the next process replaces one that died
    while (this.#hasSeed()) await this.#work();
  }

  #hasSeed(): boolean {
    return !this.#stopped && (this.#again.length > 0 || this.#drawn < this.#options.seedCount);
  }

  #nextSeed(): string | null {
    if (!this.#hasSeed()) return null;
    const again = this.#again.pop();
    if (again !== undefined) return again;
    this.#drawn += 1;
    return (this.#options.seedFrom + BigInt(this.#drawn - 1)).toString();
  }

  /** Resolves when the process has ended, on its own or for lack of seeds. */
  #work(): Promise<void> {
    const worker = fork(WORKER, [JSON.stringify(this.#options.target)]);
    this.#workers.add(worker);
    let running: string | null = null;
    const giveSeed = (): void => {
      running = this.#nextSeed();
      if (running === null) worker.disconnect();
      else worker.send(running);
    };
    worker.on("message", (message: "ready" | SeedOutcome) => {
      if (message !== "ready") this.#record(message);
      giveSeed();
    });
    return new Promise((resolve) => {
      worker.on("exit", (code, signal) => {
        this.#workers.delete(worker);
        if (running !== null && !this.#stopped) this.#died(running, code, signal);
        resolve();
      });
    });
  }

  #record(outcome: SeedOutcome): void {
    this.#outcomes.push(outcome);
    this.#options.onOutcome?.(outcome);
  }

  #died(seed: string, code: number | null, signal: string | null): void {
    const attempts = (this.#attempts.get(seed) ?? 0) + 1;
    this.#attempts.set(seed, attempts);
    if (attempts < ATTEMPTS_MAX) this.#again.push(seed);
    else this.#record(outcomeOfError(seed, `its process ended with ${signal ?? `code ${code}`}`));
  }
}
