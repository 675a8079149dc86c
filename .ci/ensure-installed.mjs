/**
 * Installs what package-lock.json asks for, if it is not there: the first half of every npm script,
 * so that each of them works on a fresh clone. Uses nothing but Node itself.
 *
 * It compares versions, not file times: git gives every file the time of the checkout.
 * Exit code 3 (environment missing) if Node is too old or npm ci fails.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ENVIRONMENT_MISSING = 3;
const root = fileURLToPath(new URL("..", import.meta.url));

checkNode();
if (!isInstalled()) install();

function checkNode() {
  const { engines } = readJson("package.json");
  const least = engines.node.match(/\d+/gu).map(Number);
  const here = process.versions.node.split(".").map(Number);
  if (here[0] < least[0] || (here[0] === least[0] && here[1] < least[1]))
    fail(`Node ${engines.node} is needed, and this is ${process.versions.node}`);
}

function isInstalled() {
  if (!existsSync(join(root, "node_modules/.package-lock.json"))) return false;
  const wanted = readJson("package-lock.json").packages;
  const installed = readJson("node_modules/.package-lock.json").packages;
  // The key "" is the project itself. Optional packages are for other platforms, or may fail.
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === "" || optional || installed[path]?.version === version,
  );
}

function install() {
  process.stderr.write("Dependencies are missing or out of date: running npm ci\n");
  // Its output goes to stderr, so that results stay alone on stdout.
  const { status } = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) fail(`npm ci failed: run it in ${root} and start again`);
}

function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), "utf8"));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(ENVIRONMENT_MISSING);
}
