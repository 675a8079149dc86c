import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { isSurelyGone, ownIdentity } from "./identity.ts";

const own = ownIdentity()!;
const [pid, start, boot, namespace] = own.split(" ");

test("a process is there while it runs, and is gone afterwards", async () => {
  const source = `import { ownIdentity } from ${JSON.stringify(import.meta.resolve("./identity.ts"))};
    console.log(ownIdentity()); setInterval(() => {}, 1000);`;
  const args = ["--import", import.meta.resolve("tsx"), "--input-type=module", "-e", source];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  const identity = said.toString().trim();
  expect(identity.split(" ")[0]).toBe(String(child.pid));
  expect(isSurelyGone(identity)).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isSurelyGone(identity)).toBe(true);
});

test("a number that was given out again is another process", () => {
  expect(isSurelyGone(own)).toBe(false);
  expect(isSurelyGone([pid, Number(start) - 1, boot, namespace].join(" "))).toBe(true);
});

test.each([
  ["another machine, or this one before its last start", [pid, "1", "other-boot", namespace]],
  ["another container", [pid, "1", boot, "pid:[1]"]],
  ["another wording", [pid, boot]],
])("nothing is said of %s", (_, words) => {
  expect(isSurelyGone(words.join(" "))).toBe(false);
});
