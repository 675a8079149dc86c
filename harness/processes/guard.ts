/**
 * Nothing that the harness starts outlives it, however it ends.
 *
 * On an orderly end the harness stops its processes itself. When it is killed, a small watchdog
 * process notices that its end of a pipe is closed, kills the process groups that were still
 * guarded, and removes the folders.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";

const WATCHDOG = fileURLToPath(new URL("watchdog.mjs", import.meta.url));

type Guarded = { readonly group: number } | { readonly folder: string };

let watchdog: ChildProcess | null = null;
const groups = new Set<number>();

process.once("exit", () => {
  for (const group of groups) killGroup(group);
});

/** Starts the watchdog, so that nothing has to wait for it between its start and its guard. */
export function readyGuard(): void {
  watchdog ??= startWatchdog();
}

/**
 * From now on the process group ends with this process at the latest. The leader of the group is
 * a child started with `detached: true`.
 */
export function guardGroup(group: number): void {
  groups.add(group);
  tell("guard", { group });
}

/** The group has ended: its number may soon belong to somebody else. */
export function releaseGroup(group: number): void {
  groups.delete(group);
  tell("release", { group });
}

/** The folder is removed if this process dies before it releases it. */
export function guardFolder(folder: string): void {
  tell("guard", { folder });
}

/** The folder is gone, or is to stay. */
export function releaseFolder(folder: string): void {
  tell("release", { folder });
}

/** SIGKILL to every process of a group; nothing if there is none. */
export function killGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function tell(verb: "guard" | "release", what: Guarded): void {
  readyGuard();
  watchdog!.stdin!.write(`${JSON.stringify([verb, what])}\n`);
}

function startWatchdog(): ChildProcess {
  // A group of its own, so that Ctrl-C does not end it before it has done its work.
  const child = spawn(process.execPath, [WATCHDOG], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  child.stdin.on("error", () => {});
  // It must not keep this process alive: its end is this process's end.
  child.unref();
  (child.stdin as Socket).unref();
  return child;
}
