/**
 * `npx` and `npm run` do not hand SIGTERM on: they and their shell end, and what they had started
 * goes on without them. So the harness looks after the npm that it was started by.
 */
import { readFileSync } from "node:fs";
import { readProcStat } from "./proc-stat.ts";

const LOOK_EVERY_MS = 250;
const ANCESTORS_MAX = 6;

/** Calls `onEnd` when the npm that started this process has ended, until the result is called. */
export function whenNpmEnds(onEnd: () => void): () => void {
  const npm = npmAbove(process.pid);
  if (npm === null) return () => {};
  const startTicks = readProcStat(npm)?.startTicks;
  const timer = setInterval(() => {
    const stat = readProcStat(npm);
    if (stat !== null && stat.state !== "Z" && stat.startTicks === startTicks) return;
    clearInterval(timer);
    onEnd();
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** The nearest ancestor that calls itself npm; null if there is none, or nobody tells. */
function npmAbove(pid: number): number | null {
  let ancestor = readProcStat(pid)?.parent ?? 0;
  for (let i = 0; i < ANCESTORS_MAX && ancestor > 1; i += 1) {
    if (titleOf(ancestor).startsWith("npm ")) return ancestor;
    ancestor = readProcStat(ancestor)?.parent ?? 0;
  }
  return null;
}

function titleOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
