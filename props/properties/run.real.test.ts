/** `npm run props` as a user calls it: exit codes, what is printed, and how a case is played again. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROPERTIES } from "./properties.ts";
import { STATE_NAMES } from "./states.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `--json` prints. */
interface Report {
  readonly schemaVersion: number;
  readonly seed: string;
  readonly broken: readonly string[];
  readonly properties: readonly { readonly property: string; readonly casesPlayed: number }[];
  readonly failures: readonly { readonly broken: string; readonly reproFile: string }[];
  readonly states: Readonly<Record<string, number>>;
  readonly neverReached: readonly string[];
}

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "props-run-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function props(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, ["--import", "tsx", "props/run.ts", ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

const reportIn = ({ stdout }: Ended): Report => JSON.parse(stdout) as Report;

test("the engine keeps every promise, and the states are counted", async () => {
  const { code, stdout, stderr } = await props("--runs", "20");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const { name } of PROPERTIES) expect(stdout).toMatch(new RegExp(`^holds +${name} `, "mu"));
  expect(stdout).toMatch(/^ +\d+ {2}late payment +/mu);
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("PASSED");
});

describe("the published demo", () => {
  test("breaks what it breaks, each with a case that its repro file plays again", async () => {
    const chosen = ["--strategy", "article", "--only", "ebb-and-flow,repeats", "--runs", "15"];
    const ended = await props(...chosen, "--seed", "0x1f", "--out", directory, "--json");
    const report = reportIn(ended);
    expect(ended.code).toBe(1);
    expect(report).toMatchObject({ schemaVersion: 1, seed: "31" });
    expect(report.broken).toEqual(expect.arrayContaining(["no-oversell", "idempotency"]));
    expect(Object.keys(report.states)).toEqual([...STATE_NAMES]);

    const [{ broken, reproFile }] = report.failures;
    const again = await props("--strategy", "article", "--repro", reproFile, "--json");
    expect(again.code).toBe(1);
    expect(reportIn(again).properties).toMatchObject([{ casesPlayed: 1 }]);
    expect(reportIn(again).broken).toEqual([broken]);
    // The engine plays the same case, and nothing breaks.
    expect((await props("--repro", reproFile)).code).toBe(0);
  });

  test("is recorded where it was told, and from then on broken by the first case", async () => {
    const found = join(directory, "found.json");
    writeFileSync(found, '{ "schemaVersion": 1, "cases": [] }');
    const chosen = ["--strategy", "article", "--only", "buffer"];
    const args = [...chosen, "--found", found, "--out", directory];
    const first = await props(...args, "--record");
    expect(first.code).toBe(1);
    expect(readFileSync(found, "utf8")).toContain('"property": "buffer"');
    const second = await props(...args, "--runs", "0");
    expect(second.code).toBe(1);
    expect(second.stdout).toContain("1 cases");
    expect(second.stdout).toContain("kept in a file");
  });
});

test("a strategy without a counter plays the sales alone", async () => {
  const chosen = ["--strategy", "pay-first", "--runs", "10"];
  const ended = await props(...chosen, "--out", directory, "--json");
  expect(ended.code).toBe(1);
  expect(reportIn(ended).broken).toContain("no-charge-in-vain");
  expect(reportIn(ended).properties.map(({ property }) => property)).toEqual(["sales"]);
});

test.each([
  [["--only", "sale"], '--only: there is no property "sale"; there are interleavings, '],
  [["--found", "nowhere.json"], "nowhere.json"],
])("refuses %j with one line and exit code 2", async (args, message) => {
  const { code, stdout, stderr } = await props(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^props: [^\n]+\n$/u);
  expect(stderr).toContain(message);
});
