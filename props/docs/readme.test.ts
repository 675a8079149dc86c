/** What the README says is so: every command of it runs, and shows the numbers beside it. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXCLUDED_FAULTS, FAULT_KINDS } from "../../sim/faults/vocabulary.ts";
import { builtinNames } from "../../sim/scenario/builtin.ts";
import { blocksOf, commandsOf, shapeOf } from "./readme.ts";
import type { Figure } from "./readme.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const MAIN_JOB = "npx tsx sim/run.ts --seed 12306";
const commands = commandsOf(readme);

/** A directory that looks like the clone to these commands, and in which new files do no harm. */
let sandbox: string;
const NEEDED = [
  ".ci",
  "core",
  "harness",
  "nginx",
  "node_modules",
  "package-lock.json",
  "package.json",
  "props",
  "reports",
  "sim",
];

beforeAll(() => {
  sandbox = mkdtempSync(join(tmpdir(), "onceonly-readme-"));
  for (const name of NEEDED) symlinkSync(join(root, name), join(sandbox, name));
});

afterAll(() => rmSync(sandbox, { recursive: true, force: true }));

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function runInShell(command: string, cwd = sandbox): Promise<Outcome> {
  const options = { cwd, env: { ...process.env, NO_COLOR: "1" }, maxBuffer: 2 ** 26 };
  return new Promise((resolve) => {
    const child = execFile("sh", ["-c", command], options, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

// In the order of the README: some commands read what the one before has written.
for (const { text, exitCode, figures } of commands.filter(({ isSlow }) => !isSlow)) {
  test(text, async () => {
    const outcome = await runInShell(figures.length > 0 ? `${text} --json` : text);
    expect(outcome.exitCode, outcome.stderr).toBe(exitCode);
    if (figures.length > 0) checkFigures(figures, JSON.parse(outcome.stdout));
  });
}

function checkFigures(figures: readonly Figure[], result: Readonly<Record<string, unknown>>) {
  for (const { field, relation, value } of figures) {
    const actual = result[field];
    if (relation === "=") expect(actual, field).toBe(value);
    else if (relation === ">") expect(actual, field).toBeGreaterThan(value);
    else expect(actual, field).toBeLessThan(value);
  }
}

for (const { text } of commands.filter(({ isSlow }) => isSlow)) {
  test(`arguments of ${text}`, async () => {
    const check = argumentsOnly(text);
    if (check === null) return;
    const outcome = await runInShell(check);
    expect(outcome.exitCode, outcome.stderr).toBe(0);
  });
}

/** The command that reads its arguments and stops; null if there are none to read. */
function argumentsOnly(text: string): string | null {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Readonly<Record<string, string>>;
  };
  const [tool, ...words] = text.split(" ");
  if (tool === "npx") return `${text} ${text.includes("reports/") ? "--help" : "--print-config"}`;
  expect(tool).toBe("npm");
  const script = words[0] === "run" ? words[1] : words[0];
  expect(scripts).toHaveProperty([script]);
  if (!scripts[script].startsWith("tsx ")) return null;
  const stop = script === "start" ? "--print-config" : "--help";
  return `${text}${text.includes(" -- ") ? "" : " --"} ${stop}`;
}

test("the main job prints what the README shows", async () => {
  // In the clone itself, because the last line names a path: it passes, so it writes no file.
  const { exitCode, stdout } = await runInShell(MAIN_JOB, root);
  expect(exitCode).toBe(0);
  const printed = new Set(stdout.split("\n").map(shapeOf));
  const shown = blocksOf(readme, "text")
    .flatMap((block) => block.split("\n"))
    .map(shapeOf);
  const missing = shown.filter((line) => line !== "…" && !printed.has(line));
  expect(missing).toEqual([]);
});

test.each([...builtinNames(), ...FAULT_KINDS, ...Object.keys(EXCLUDED_FAULTS)])(
  "%s is explained",
  (name) => {
    expect(readme).toContain(`\`${name}\``);
  },
);
