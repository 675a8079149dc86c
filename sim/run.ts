/**
 * The simulator's command: `npx tsx sim/run.ts --seed 12306`, and `--help` for the rest.
 *
 * This file only makes sure that the command can run, on a fresh clone too, and imports nothing
 * that would have to be installed first.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ENVIRONMENT_MISSING = 3;

const root = fileURLToPath(new URL("..", import.meta.url));
if (dependenciesMissing()) installDependencies();
const { main } = await import("./cli/main.ts");
process.exitCode = await main(process.argv.slice(2));

function dependenciesMissing(): boolean {
  // Looking is better than trying: a failed import would stay in the module cache.
  const { dependencies } = JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as {
    dependencies: Record<string, string>;
  };
  return Object.keys(dependencies).some(
    (name) => !existsSync(`${root}/node_modules/${name}/package.json`),
  );
}

function installDependencies(): void {
  process.stderr.write("Dependencies are not installed yet: running npm ci\n");
  // Its output goes to stderr, so that --json stays one object on stdout.
  const { status } = spawnSync("npm", ["ci"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) {
    process.stderr.write(`npm ci failed: run it in ${root} and start again\n`);
    process.exit(ENVIRONMENT_MISSING);
  }
}
