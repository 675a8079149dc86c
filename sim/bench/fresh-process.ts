/** Each measurement in a process of its own: nothing compiled, nothing allocated, one peak. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Measurement, Task } from "./tasks.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

/** Rejects if the process ends without a report. */
export function measure(task: Task): Promise<Measurement> {
  const worker = fork(WORKER, [JSON.stringify(task)]);
  return new Promise((resolve, reject) => {
    worker.on("message", (measurement: Measurement) => resolve(measurement));
    worker.on("error", reject);
    worker.on("exit", (code, signal) =>
      reject(new Error(`the process of the ${task.what} ended with ${signal ?? `code ${code}`}`)),
    );
  });
}
