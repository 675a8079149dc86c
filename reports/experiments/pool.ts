/** Processes that run sales. Which of them runs one, and when, changes nothing about the result. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Scenario } from "../../sim/scenario/schema.ts";
import type { Sale } from "./run-sale.ts";
import type { Done, Task } from "./worker.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

interface Waiting {
  readonly task: Task;
  readonly resolve: (sale: Sale) => void;
  readonly reject: (reason: Error) => void;
}

/** Thrown out of everything that waits for a sale when somebody presses Ctrl-C. */
export class PoolStopped extends Error {
  override readonly name = "PoolStopped";
}

export class Pool {
  readonly #workers: ChildProcess[];
  readonly #waiting: Waiting[] = [];
  readonly #idle: ChildProcess[] = [];
  readonly #running = new Map<ChildProcess, Waiting>();
  #stopped: Error | null = null;

  /** @param base the scenario that every cell changes */
  constructor(base: Scenario, jobs: number) {
    this.#workers = Array.from({ length: jobs }, () => {
      const worker = fork(WORKER);
      worker.on("message", (message: "ready" | Done) => {
        if (message === "ready") worker.send({ base });
        else this.#answered(worker, message);
        this.#idle.push(worker);
        this.#dispatch();
      });
      worker.on("exit", (code, signal) => {
        this.#fail(new Error(`a process of the report ended with ${signal ?? `code ${code}`}`));
      });
      return worker;
    });
  }

  run(task: Task): Promise<Sale> {
    return new Promise((resolve, reject) => {
      if (this.#stopped !== null) {
        reject(this.#stopped);
        return;
      }
      this.#waiting.push({ task, resolve, reject });
      this.#dispatch();
    });
  }

  /** Ends all processes; who waits for a sale gets the reason. */
  stop(reason: Error = new PoolStopped("stopped")): void {
    this.#fail(reason);
  }

  #dispatch(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.pop()!;
      const next = this.#waiting.shift()!;
      this.#running.set(worker, next);
      worker.send(next.task);
    }
  }

  #answered(worker: ChildProcess, done: Done): void {
    const waiting = this.#running.get(worker)!;
    this.#running.delete(worker);
    if ("sale" in done) waiting.resolve(done.sale);
    else waiting.reject(new Error(`seed ${waiting.task.seed}: ${done.error}`));
  }

  #fail(reason: Error): void {
    if (this.#stopped !== null) return;
    this.#stopped = reason;
    for (const { reject } of [...this.#waiting.splice(0), ...this.#running.values()])
      reject(reason);
    for (const worker of this.#workers) worker.kill("SIGKILL");
  }
}
