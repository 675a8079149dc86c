/** The quick rows pass, by the command that people use. */
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { CHECKS } from "./checks.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = ["node_modules/tsx/dist/cli.mjs", "props/validate.ts"];

test("npm run validate -- --quick --json", { timeout: 300_000 }, () => {
  const output = execFileSync(process.execPath, [...COMMAND, "--quick", "--json"], {
    cwd: root,
    encoding: "utf8",
  });
  const { rows, passed, failed } = JSON.parse(output) as {
    rows: { name: string; verdict: string; command: string; replication: string }[];
    passed: number;
    failed: number;
  };
  const quick = CHECKS.filter((check) => check.quick).map(({ name }) => name);
  expect(rows.map(({ name }) => name)).toEqual(quick);
  expect(rows.filter(({ verdict }) => verdict !== "PASS")).toEqual([]);
  expect([passed, failed]).toEqual([quick.length, 0]);
  expect(rows[0].command).toBe("npm run validate -- --only mm1-half");
  expect(rows[0].replication).toContain("--scenario props/validate/scenarios/ticket-server.json");
});

test("one row as a table; wrong flags are told in one line", { timeout: 120_000 }, () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [...COMMAND, ...args], { cwd: root, encoding: "utf8" });
  const table = run("--only", "little-nginx");
  expect(table.status).toBe(0);
  expect(table.stdout).toMatch(/^PASS +Little: L \/ λW +nginx +1\.0000 +1\.0000 ± /mu);
  expect(table.stdout).toContain("1 of 1 rows pass, 0 fail, 0 are inconclusive.");
  expect(run("--only", "mm11")).toMatchObject({
    status: 2,
    stderr: 'validate: --only: there is no check "mm11"; did you mean mm1?\n',
  });
  expect(run("--jobs", "0")).toMatchObject({
    status: 2,
    stderr: 'validate: --jobs: expected a whole number from 1 to 64, got "0"\n',
  });
  expect(run("--quick", "--only", "mm1").status).toBe(2);
  expect(run("--help").stdout).toContain("npm run validate -- --quick");
});
