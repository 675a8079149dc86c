/**
 * The page on strategies of one's own is so: its code is a whole strategy, which runs from a
 * directory outside of the project, and its commands do what it says.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROPERTIES } from "../properties/properties.ts";
import { blocksOf, commandsOf } from "./readme.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "props/STRATEGIES.md"), "utf8");
const code = blocksOf(page, "ts").join("\n");

let outside: string;
beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), "strategies-"));
  symlinkSync(root, join(outside, "onceonly"));
  mkdirSync(join(outside, "mine"));
  writeFileSync(join(outside, "mine", "mine.ts"), code);
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

test("its code blocks are the example, which is checked and linted with the project", () => {
  const example = readFileSync(join(root, "props/docs/counter-only.ts"), "utf8");
  const body = example.slice(example.indexOf("import "));
  expect(code.replaceAll('"onceonly/', '"../../')).toBe(body);
});

test("it names every property", () => {
  for (const { name } of PROPERTIES) expect(page).toContain(`| \`${name}\` `);
});

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function runInShell(command: string): Promise<Outcome> {
  const options = { cwd: join(outside, "mine"), env: { ...process.env, NO_COLOR: "1" } };
  return new Promise((resolve) => {
    const child = execFile("sh", ["-c", command], options, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

// In the order of the page: some commands need what the one before has made.
for (const { text, exitCode, figures } of commandsOf(page)) {
  test(text, async () => {
    const outcome = await runInShell(figures.length > 0 ? `${text} --json` : text);
    expect(outcome.exitCode, outcome.stderr).toBe(exitCode);
    if (exitCode === 1) await checkReplay(outcome.stdout);
    if (figures.length === 0) return;
    const result = JSON.parse(outcome.stdout) as Readonly<Record<string, number>>;
    for (const { field, relation, value } of figures) {
      if (relation === "=") expect(result[field], field).toBe(value);
      else expect(result[field] > value, field).toBe(relation === ">");
    }
  });
}

/** The command under a failure plays the same case again, without a search. */
async function checkReplay(text: string): Promise<void> {
  const command = /^ {2}npx (tsx .* --strategy \.\/forgets\.ts --repro \S+)$/mu.exec(text)?.[1];
  expect(text).toContain("forgets.ts");
  const again = await runInShell(`../onceonly/node_modules/.bin/${command}`);
  expect(again.exitCode, again.stderr).toBe(1);
  expect(again.stdout).toContain("1 cases");
}
