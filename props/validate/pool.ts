/** Spreads checks over processes. Checks on the same subject share their runs, so they stay together. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Answer } from "./answer.ts";
import type { Check } from "./check.ts";
import type { Task } from "./worker.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

/**
 * Answers of all checks in their order, whatever the number of jobs.
 * @throws Error if a process dies, or the signal aborts.
 */
export async function answerAll(
  checks: readonly Check[],
  seed: bigint,
  jobs: number,
  onAnswer: (answer: Answer) => void,
  signal: AbortSignal,
): Promise<Answer[]> {
  const tasks = tasksOf(checks, seed);
  const answers = new Map<string, Answer>();
  const keep = (some: readonly Answer[]): void => {
    for (const one of some) {
      answers.set(one.name, one);
      onAnswer(one);
    }
  };
  const workers = Array.from({ length: Math.min(jobs, tasks.length) }, () => fork(WORKER));
  const killAll = (): void => workers.forEach((worker) => worker.kill("SIGKILL"));
  signal.addEventListener("abort", killAll);
  try {
    await Promise.all(workers.map((worker) => keepWorking(worker, tasks, keep)));
  } finally {
    signal.removeEventListener("abort", killAll);
    killAll();
  }
  return checks.map(({ name }) => answers.get(name)!);
}

function tasksOf(checks: readonly Check[], seed: bigint): Task[] {
  const namesOf = new Map<string, string[]>();
  for (const { name, subject } of checks) {
    const key = JSON.stringify(subject);
    namesOf.set(key, [...(namesOf.get(key) ?? []), name]);
  }
  return [...namesOf.values()].map((names) => ({ names, seed: seed.toString() }));
}

/** One task after the other, until none is left. */
function keepWorking(
  worker: ChildProcess,
  tasks: Task[],
  keep: (answers: readonly Answer[]) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let done = false;
    worker.on("message", (message: "ready" | Answer[]) => {
      if (message !== "ready") keep(message);
      const task = tasks.shift();
      done = task === undefined;
      if (done) worker.disconnect();
      else worker.send(task!);
    });
    worker.on("exit", (code, killedBy) => {
      if (done) resolve();
      else
        reject(new Error(`a process of the validation ended with ${killedBy ?? `code ${code}`}`));
    });
  });
}
