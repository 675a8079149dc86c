/** Spreads jobs over processes. A row does not depend on which process hunts, nor on when. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { failedCheckerRow } from "./checkers/job.ts";
import type { CheckerJob, CheckerRow } from "./checkers/job.ts";
import { failedRow } from "./job.ts";
import type { Job, Row } from "./job.ts";

export type AnyJob = Job | CheckerJob;
export type AnyRow = Row | CheckerRow;

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

export interface PoolOptions {
  readonly jobs: readonly AnyJob[];
  readonly processes: number;
  /** Rows in the order of jobs, each as soon as all before it are there. */
  onRow(row: AnyRow): void;
}

export class Pool {
  readonly #options: PoolOptions;
  /** Of each job that is done. */
  readonly #rows: (readonly AnyRow[] | null)[];
  readonly #workers = new Set<ChildProcess>();
  #next = 0;
  #told = 0;
  #stopped = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#rows = options.jobs.map(() => null);
  }

  /** Resolves when all jobs are done, or when it was stopped and the processes have ended. */
  async run(): Promise<void> {
    const count = Math.min(this.#options.processes, this.#options.jobs.length);
    await Promise.all(Array.from({ length: count }, () => this.#keepWorking()));
  }

  /** Lets the processes end: each ends its Redis first. */
  stop(): void {
    this.#stopped = true;
    for (const worker of this.#workers) worker.disconnect();
  }

  /** One process after another, until no job is left. */
  async #keepWorking(): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- the next process replaces one that died
    while (!this.#stopped && this.#next < this.#options.jobs.length) await this.#work();
  }

  #work(): Promise<void> {
    const { jobs } = this.#options;
    const worker = fork(WORKER);
    this.#workers.add(worker);
    let running: number | null = null;
    const giveJob = (): void => {
      if (this.#stopped) return;
      running = this.#next < jobs.length ? this.#next : null;
      if (running === null) {
        worker.disconnect();
        return;
      }
      this.#next += 1;
      worker.send(jobs[running]);
    };
    worker.on("message", (message: "ready" | readonly AnyRow[]) => {
      if (message !== "ready" && running !== null) this.#done(running, message);
      giveJob();
    });
    return new Promise((resolve) => {
      worker.on("exit", (code, signal) => {
        this.#workers.delete(worker);
        if (running !== null && !this.#stopped) {
          this.#done(running, [lost(jobs[running], `its process ended with ${signal ?? code}`)]);
        }
        resolve();
      });
    });
  }

  #done(job: number, rows: readonly AnyRow[]): void {
    this.#rows[job] = rows;
    for (; this.#told < this.#rows.length; this.#told += 1) {
      const next = this.#rows[this.#told];
      if (next === null) return;
      next.forEach((row) => this.#options.onRow(row));
    }
  }
}

function lost(job: AnyJob, error: string): AnyRow {
  return "checker" in job ? failedCheckerRow(job, error) : failedRow(job, error);
}
