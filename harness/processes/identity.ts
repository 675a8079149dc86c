/**
 * Which process something belongs to, in words that another process can read later, to tell
 * whether that one is surely gone. A process id alone would not do: it is given out again, and it
 * means nothing on another machine or in another container.
 */
import { readFileSync, readlinkSync } from "node:fs";
import { readProcStat } from "./proc-stat.ts";

/** `pid startTicks bootId pidNamespace`, without quotes; null where /proc does not tell. */
export function ownIdentity(): string | null {
  const place = ownPlace();
  const stat = readProcStat(process.pid);
  return place === null || stat === null ? null : `${process.pid} ${stat.startTicks} ${place}`;
}

/** True only if it can be told from here, and the process is no more. */
export function isSurelyGone(identity: string): boolean {
  const [, pid, startTicks, place] = /^(\d+) (\d+) (\S+ \S+)$/u.exec(identity) ?? [];
  if (pid === undefined || place !== ownPlace()) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  const stat = readProcStat(Number(pid));
  // A zombie only waits for its starter to look.
  return stat !== null && (stat.startTicks !== startTicks || stat.state === "Z");
}

/** This machine since its last start, and this container. */
function ownPlace(): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return null;
  }
}
