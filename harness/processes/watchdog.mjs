/**
 * Ends what its starter leaves behind when the starter dies without a chance to clean up (SIGKILL,
 * out of memory). Plain JavaScript, so that it starts at once.
 *
 * Each line on stdin is a JSON pair: `["guard" | "release", {"group": pid} | {"folder": path}]`.
 * When stdin ends, everything that is still guarded ends too.
 */
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** Processes that are killed still write for a moment. */
const FOLDER_TRIES = 20;
const FOLDER_PAUSE_MS = 50;

const groups = new Set();
const folders = new Set();

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, { group, folder }] = JSON.parse(line);
  const [set, member] = group === undefined ? [folders, folder] : [groups, group];
  if (verb === "guard") set.add(member);
  else set.delete(member);
}

for (const group of groups) {
  try {
    // A stopped process dies of SIGKILL as well.
    process.kill(-group, "SIGKILL");
  } catch {
    // It ended on its own.
  }
}
for (const folder of folders) await removeFolder(folder);

async function removeFolder(folder) {
  for (let i = 0; i < FOLDER_TRIES; i += 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch {
      await sleep(FOLDER_PAUSE_MS);
    }
  }
}
