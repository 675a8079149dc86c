/** A process that computes for seconds hears of nothing meanwhile: not that its parent is gone. */
import { Worker } from "node:worker_threads";

const LOOK_EVERY_MS = 100;

/** Plain JavaScript, for tsx does not reach into threads. An orphan gets another parent. */
const WATCH = `
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, ${LOOK_EVERY_MS});
`;

/** Ends this process when its parent has ended, however that did, from a thread of its own. */
export function endWithParent(): void {
  new Worker(WATCH, { eval: true, execArgv: [] }).unref();
}
