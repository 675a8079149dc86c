/** The same seed gives the same bytes in any process, and on every supported version of Node. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs the command and returns its JSON, without the one field that measures the host. */
function run(node: string, args: readonly string[]): string {
  const json = execFileSync(node, ["--import", "tsx", "sim/run.ts", "--json", ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return json.replace(/"wallSeconds":[\d.]+/u, '"wallSeconds":0');
}

const args = ["--scenario", "smoke", "--seed", "12306"];
const here = run(process.execPath, args);

test("a second process gives the same bytes", () => {
  expect(run(process.execPath, args)).toBe(here);
});

/** Whole Node binaries come as optional packages, which exist for Linux on x64. */
const hasBinaries = process.platform === "linux" && process.arch === "x64";
for (const version of ["22", "24"]) {
  const binary = `${root}node_modules/node${version}/bin/node`;
  test.runIf(hasBinaries)(`Node ${version} gives the same bytes`, () => {
    expect(existsSync(binary), `${binary} is missing: run npm ci --include=optional`).toBe(true);
    expect(run(binary, args)).toBe(here);
  });
}
