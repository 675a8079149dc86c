import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive } from "./alive.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const launcher = new URL("npm-launcher.ts", import.meta.url).href;

let directory: string;
let pid = 0;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "npm-launcher-"));
});
afterEach(() => {
  if (isAlive(pid)) process.kill(pid, "SIGKILL");
  rmSync(directory, { recursive: true });
});

/** A module that has time. */
function moduleWith(body: string): string {
  const file = join(directory, "waits.mts");
  writeFileSync(
    file,
    `import { whenNpmEnds } from "${launcher}";\n${body}\nsetInterval(() => {}, 60_000);\nconsole.log(process.pid);\n`,
  );
  return file;
}

/** A process that npx has started. */
async function started(body: string) {
  const npx = spawn("npx", ["tsx", moduleWith(body)], {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [text] = (await once(npx.stdout, "data")) as [Buffer];
  pid = Number(text.toString());
  return npx;
}

async function isAliveAfter(ms: number): Promise<boolean> {
  const endMs = performance.now() + ms;
  while (isAlive(pid) && performance.now() < endMs)
    // oxlint-disable-next-line no-await-in-loop -- it looks until it is over
    await new Promise((resolve) => setTimeout(resolve, 50));
  return isAlive(pid);
}

test.each(["SIGTERM", "SIGKILL"] as const)("it ends with npx, after %s", async (signal) => {
  const npx = await started("whenNpmEnds(() => process.exit());");
  expect(await isAliveAfter(1000)).toBe(true);
  npx.kill(signal);
  expect(await isAliveAfter(5000)).toBe(false);
});

test("it ends with npx, though nobody asks how that ended", async () => {
  const file = moduleWith("whenNpmEnds(() => process.exit());");
  // What `sleep` has for a child stays a zombie.
  const line = `npx tsx ${file} & echo $!; exec sleep 60`;
  const sleep = spawn("sh", ["-c", line], { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
  const [npxPid] = (await once(sleep.stdout, "data")) as [Buffer];
  const [ownPid] = (await once(sleep.stdout, "data")) as [Buffer];
  pid = Number(ownPid.toString());
  process.kill(Number(npxPid.toString()), "SIGKILL");
  const outlives = await isAliveAfter(5000);
  sleep.kill();
  expect(outlives).toBe(false);
});

test("unless nobody asked for that any more", async () => {
  const npx = await started("whenNpmEnds(() => process.exit())();");
  npx.kill("SIGKILL");
  expect(await isAliveAfter(1500)).toBe(true);
});
